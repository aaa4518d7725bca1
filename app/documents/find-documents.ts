import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileReason } from './file-reason.js';
import { DOCUMENT_EXTENSIONS } from './media-type.js';

/** A folder of documents cannot be read. */
export class DocumentFolderError extends Error {
  override readonly name = 'DocumentFolderError';
}

/**
 * Files below a folder that can be read as documents, in the order of their paths. Hidden files and `node_modules` are left out. A folder below it
 * that cannot be read stands among them itself: who reads it is told why.
 * @returns paths that begin with `folder`
 * @throws {DocumentFolderError} when the folder itself is missing, unreadable or no folder
 */
export async function findDocuments(folder: string): Promise<string[]> {
  const refuse = (cause: NodeJS.ErrnoException) => {
    throw new DocumentFolderError(`Documents folder ${folder}: ${fileReason(cause)}.`, { cause });
  };
  const found = await stat(folder).catch(refuse);
  if (!found.isDirectory())
    throw new DocumentFolderError(`Documents folder ${folder}: is a file; name the folder that holds it.`);
  const entries = await readdir(folder, { withFileTypes: true }).catch(refuse);
  return (await walk(folder, entries)).sort();
}

async function walk(folder: string, entries: readonly Dirent[]): Promise<string[]> {
  const visible = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const found = await Promise.all(
    visible.map(async (entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return DOCUMENT_EXTENSIONS.includes(extname(entry.name).toLowerCase()) ? [path] : [];
      const below = await readdir(path, { withFileTypes: true }).catch(() => undefined);
      return below ? walk(path, below) : [path];
    }),
  );
  return found.flat();
}
