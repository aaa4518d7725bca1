import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requestLimits } from '../../contract/index.js';
import { DocumentError } from './document-error.js';
import { DocumentFolderError, findDocuments } from './find-documents.js';
import { ingestFiles } from './ingest-files.js';
import { readDocumentFile } from './read-document-file.js';

describe('a folder of documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
    for (const sub of ['a', 'node_modules', '.git']) await mkdir(join(folder, sub));
    for (const file of ['b.md', 'a/c.PDF', 'a/d.png', 'node_modules/e.md', '.git/f.md', '.hidden.md']) {
      await writeFile(join(folder, file), 'text');
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives its readable files in order, without hidden ones and dependencies', async () => {
    const found = await findDocuments(folder);
    expect(found.map((path) => relative(folder, path))).toEqual(['a/c.PDF', 'b.md']);
  });

  it('that is missing, or a file, is refused by name', async () => {
    await expect(findDocuments(join(folder, 'none'))).rejects.toThrow(`${join(folder, 'none')}: does not exist`);
    await expect(findDocuments(join(folder, 'b.md'))).rejects.toThrow(DocumentFolderError);
  });

  // One sub-folder that this user may not read had ended the start; a pipe was waited for, also by Ctrl-C.
  it('names what in it cannot be read, and waits for no pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    await symlink('/nowhere/at/all', join(folder, 'gone.md'));
    await symlink('itself.md', join(folder, 'itself.md'));
    await truncate(join(folder, 'b.md'), requestLimits.documentBytes + 1);
    const found = (await findDocuments(folder)).map((path) => relative(folder, path));
    expect(found).toEqual(['a/c.PDF', 'b.md', 'gone.md', 'itself.md', 'pipe.md']);
    const reasons = await Promise.all(
      found.map((path) => readDocumentFile(join(folder, path)).then(String, (error: Error) => error.message)),
    );
    expect(reasons).toEqual([
      '116,101,120,116',
      `is ${requestLimits.documentBytes + 1} bytes; at most ${requestLimits.documentBytes} are read`,
      'does not exist',
      'is a link to itself',
      'is no regular file',
    ]);
    await expect(readDocumentFile(join(folder, 'a'))).rejects.toThrow('is a folder that may not be read by this user');
  });

  it('is ingested to its end although one document is broken', async () => {
    const progress: string[] = [];
    const report = await ingestFiles(
      ['one.md', 'broken.pdf', 'two.md'],
      async (file) => {
        if (file === 'broken.pdf') throw new DocumentError(file, 'is not a readable PDF');
        return 3;
      },
      ({ done, of, file }) => progress.push(`${done}/${of} ${file}`),
      new AbortController().signal,
    );
    expect(report).toEqual({
      ingested: 2,
      passages: 6,
      failures: [{ file: 'broken.pdf', reason: 'broken.pdf: is not a readable PDF' }],
    });
    expect(progress).toEqual(['1/3 one.md', '2/3 broken.pdf', '3/3 two.md']);
  });

  it('is left where it is when the person stops it', async () => {
    const stopping = new AbortController();
    const ingest = async () => {
      stopping.abort();
      return 1;
    };
    const report = await ingestFiles(['one.md', 'two.md'], ingest, () => undefined, stopping.signal);
    expect(report).toEqual({ ingested: 1, passages: 1, failures: [] });
  });
});
