import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DOCUMENT_EXTENSIONS } from './media-type.js';

/** A folder of documents cannot be read. */
export class DocumentFolderError extends Error {
  override readonly name = 'DocumentFolderError';
}

/**
 * Files below a folder that can be read as documents, in the order of their paths. Hidden files and `node_modules` are left out.
 * @returns paths that begin with `folder`
 * @throws {DocumentFolderError} when the folder is missing, unreadable or no folder
 */
export async function findDocuments(folder: string): Promise<string[]> {
  const found = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new DocumentFolderError(`Documents folder ${folder}: ${reasonOf(cause)}.`, { cause });
  });
  if (!found.isDirectory())
    throw new DocumentFolderError(`Documents folder ${folder}: is a file; name the folder that holds it.`);
  return (await walk(folder)).sort();
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new DocumentFolderError(`Documents folder ${folder}: ${reasonOf(cause)}.`, { cause });
  });
  const visible = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const found = await Promise.all(
    visible.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return DOCUMENT_EXTENSIONS.includes(extname(entry.name).toLowerCase()) ? [path] : [];
    }),
  );
  return found.flat();
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by this user';
  return message;
}
