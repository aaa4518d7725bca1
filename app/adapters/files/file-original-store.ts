import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Original, OriginalKey, OriginalStore } from '../../documents/original-store.js';
import { hasErrorCode } from '../../runtime/error-code.js';

/**
 * Originals as files of a folder. A file's name is a digest of its key, for a tenant may be called anything; beside it stands a file with the
 * media type. Both come into their places whole.
 */
export class FileOriginalStore implements OriginalStore {
  /** @param folder made when the first file comes */
  constructor(private readonly folder: string) {}

  async put(key: OriginalKey, { mediaType, content }: Original): Promise<void> {
    const path = this.#pathOf(key);
    const draft = `${path}.${randomUUID()}`;
    await mkdir(this.folder, { recursive: true });
    try {
      await writeFile(draft, content);
      await writeFile(`${draft}.type`, mediaType);
      await rename(`${draft}.type`, `${path}.type`);
      await rename(draft, path);
    } finally {
      await Promise.all([rm(draft, { force: true }), rm(`${draft}.type`, { force: true })]);
    }
  }

  async get(key: OriginalKey): Promise<Original | undefined> {
    const path = this.#pathOf(key);
    try {
      return { mediaType: await readFile(`${path}.type`, 'utf8'), content: createReadStream(path) };
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async delete(key: OriginalKey): Promise<void> {
    const path = this.#pathOf(key);
    await rm(`${path}.type`, { force: true });
    await rm(path, { force: true });
  }

  #pathOf({ tenant, documentId }: OriginalKey): string {
    return join(
      this.folder,
      createHash('sha256')
        .update(JSON.stringify([tenant, documentId]))
        .digest('hex'),
    );
  }
}
