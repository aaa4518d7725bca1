import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { requestLimits } from '../../contract/index.js';
import { DocumentError } from './document-error.js';
import { loadDocument } from './load-document.js';

async function load(name: string) {
  const bytes = await readFile(new URL(`./fixtures/${name}`, import.meta.url));
  return loadDocument({ name, mediaType: '', bytes });
}

const loadText = (name: string, text: string, mediaType = '') =>
  loadDocument({ name, mediaType, bytes: new TextEncoder().encode(text) });

describe('a document', () => {
  it('in Markdown is its text', async () => {
    expect(await load('guide.md')).toMatchObject({
      mediaType: 'text/markdown',
      text: expect.stringContaining('## Install'),
    });
  });

  it('in HTML is what a reader sees, without scripts, styles and navigation', async () => {
    const { text } = await load('page.html');
    expect(text).toBe('Leave policy\n\nEveryone has 28 days of leave.\n\nSee the handbook.');
  });

  it('in HTML is read to its end, up to the largest that is taken', async () => {
    const end = '<p>the end</p>';
    const padding = ' '.repeat(requestLimits.documentBytes - end.length);
    expect((await loadText('a.html', padding + end)).text).toBe('the end');
  });

  it('in PDF is the text of its pages', async () => {
    const { text } = await load('pump.pdf');
    expect(text).toContain('The pump is serviced every six months.');
    expect(text).toContain('cabinet 12');
  });

  it('in PDF has a sign for each that its font does not tell', async () => {
    expect((await load('unknown-signs.pdf')).text).toBe('Valve \uFFFD of pump B');
  });

  it('is told by its content type where the name has no ending', async () => {
    expect(await loadText('notes', 'hello', 'text/plain; charset=utf-8')).toMatchObject({
      mediaType: 'text/plain',
      text: 'hello',
    });
  });

  it('in UTF-16 is read by its byte order mark', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('héllo', 'utf16le')]);
    expect((await loadDocument({ name: 'a.txt', mediaType: '', bytes })).text).toBe('héllo');
  });

  it.each([
    ['a truncated PDF', () => load('truncated.pdf'), /truncated\.pdf: is not a readable PDF/],
    ['text in another encoding', () => load('latin1.txt'), /latin1\.txt: is not UTF-8 text; save it as UTF-8/],
    ['an empty file', () => loadText('a.md', '  \n'), /a\.md: holds no text/],
    ['a binary file that poses as text', () => loadText('a.txt', 'MZ\0\0'), /a\.txt: is a binary file/],
    [
      'HTML nested without end',
      () => loadText('a.html', '<div>'.repeat(20_000)),
      /a\.html: nests its elements too deeply/,
    ],
    ['an unknown kind', () => loadText('a.docx', 'x'), /a\.docx: has no known ending; readable are \.md/],
    ['an unknown content type', () => loadText('a', 'x', 'image/png'), /a: has type image\/png/],
    [
      'a file over the limit',
      () => loadDocument({ name: 'a.txt', mediaType: '', bytes: new Uint8Array(requestLimits.documentBytes + 1) }),
      /at most 20971520 are read/,
    ],
  ])('that is %s is refused with its name and the reason', async (_, attempt, message) => {
    const failure = attempt();
    await expect(failure).rejects.toThrow(DocumentError);
    await expect(failure).rejects.toThrow(message);
  });
});
