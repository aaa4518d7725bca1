import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolderError, makeDataFolder } from './data-folder.js';

describe('a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made where it is missing, and taken where it is there', async () => {
    for (const _ of [1, 2]) await makeDataFolder(join(folder, 'new'));
    expect((await stat(join(folder, 'new'))).isDirectory()).toBe(true);
  });

  // A file ended in a stack trace, and in /proc the process hung and heard no Ctrl-C.
  it.each([
    ['file', 'is a file; name a folder'],
    ['none/below', 'the folder around it does not exist'],
    ['file/below', 'cannot be made'],
    ['/proc/armature', 'the folder around it does not exist'],
  ])('%s is refused in words', async (path, words) => {
    await writeFile(join(folder, 'file'), '');
    const made = makeDataFolder(path.startsWith('/') ? path : join(folder, path));
    await expect(made).rejects.toThrow(DataFolderError);
    await expect(made).rejects.toThrow(words);
  });
});
