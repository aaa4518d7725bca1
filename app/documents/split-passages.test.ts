import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ragPolicy } from '../../contract/index.js';
import { splitPassages } from './split-passages.js';

describe('passages', () => {
  it('of Markdown begin with the headings they stand under; a # in a code fence is no heading', async () => {
    const text = await readFile(new URL('./fixtures/guide.md', import.meta.url), 'utf8');
    expect(await splitPassages({ text, mediaType: 'text/markdown' })).toEqual([
      '# Guide\nIntroduction.',
      '# Guide > Install\nRun the installer.\n\n```sh\n# not a heading\nmake install\n```',
      '# Guide > Install > On a server\nUse the package.',
      '# Guide > Remove\nRun the uninstaller.',
    ]);
  });

  it('of a long text are no longer than the policy and lose no word', async () => {
    const words = Array.from({ length: 2000 }, (_, i) => `word${i}`);
    const passages = await splitPassages({ text: words.join(' '), mediaType: 'text/plain' });
    expect(Math.max(...passages.map((passage) => passage.length))).toBeLessThanOrEqual(ragPolicy.chunkCharacters);
    const kept = new Set(passages.flatMap((passage) => passage.split(' ')));
    expect(words.filter((word) => !kept.has(word))).toEqual([]);
  });

  it('of Markdown take no line of thousands of characters for a heading, nor much time for one', async () => {
    const line = `# ${' '.repeat(50_000)}${'word '.repeat(2_000)}`;
    const passages = await splitPassages({ text: `# A\n${line}\nText.`, mediaType: 'text/markdown' });
    expect(Math.max(...passages.map((passage) => passage.length))).toBeLessThan(2 * ragPolicy.chunkCharacters);
    expect(passages.join('').match(/word/g)?.length).toBeGreaterThanOrEqual(2_000);
  });

  it.each(['text/plain', 'text/markdown'] as const)('of %s end in the middle of no character', async (mediaType) => {
    // An upload with such a passage was refused, for half a surrogate pair that it did not have.
    const signs = Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(0x20000 + i));
    const passages = await splitPassages({ text: `# A\n${'a'}${signs.join('')}`, mediaType });
    expect(passages.filter((passage) => /\p{Surrogate}/u.test(passage))).toEqual([]);
    const kept = new Set(passages.flatMap((passage) => [...passage]));
    expect(signs.filter((sign) => !kept.has(sign))).toEqual([]);
  });
});
