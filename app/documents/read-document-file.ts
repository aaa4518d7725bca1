import { readFile, stat } from 'node:fs/promises';
import { requestLimits } from '../../contract/index.js';
import { fileReason } from './file-reason.js';

/**
 * Reads a file of a documents folder.
 * @throws with the reason in words when it is missing, unreadable, no file or too large. A pipe is never opened: that would wait for ever.
 */
export async function readDocumentFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const told = (cause: NodeJS.ErrnoException) => {
    throw new Error(fileReason(cause), { cause });
  };
  const found = await stat(path).catch(told);
  if (found.isDirectory()) throw new Error('is a folder that may not be read by this user');
  if (!found.isFile()) throw new Error('is no regular file');
  if (found.size > requestLimits.documentBytes) {
    throw new Error(`is ${found.size} bytes; at most ${requestLimits.documentBytes} are read`);
  }
  return new Uint8Array(await readFile(path).catch(told));
}
