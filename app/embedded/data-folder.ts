import { mkdir, stat } from 'node:fs/promises';
import { hasErrorCode } from '../runtime/error-code.js';

/** The SQLite file in it. */
export const DATABASE_FILE = 'armature.db';

/** State cannot be kept where it shall be. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/**
 * Makes the folder that state is kept in, where it is not there yet. The folder around it must be: Node's `recursive` never comes back from
 * a place such as /proc.
 * @throws {DataFolderError} when there is no such place, or a file in it
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    if (!hasErrorCode(cause, 'EEXIST')) throw refusal(path, cause);
    if (!(await stat(path)).isDirectory()) throw new DataFolderError(`Data folder ${path}: is a file; name a folder.`);
  }
}

function refusal(path: string, cause: unknown): DataFolderError {
  const reason = hasErrorCode(cause, 'ENOENT')
    ? 'the folder around it does not exist; make that first'
    : `cannot be made (${(cause as Error).message}); name another`;
  return new DataFolderError(`Data folder ${path}: ${reason}.`, { cause });
}
