import { DocumentError } from '../../documents/document-error.js';
import { errors } from '../../runtime/errors.js';

/** Tells the caller what is wrong with its document. */
export async function readable<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof DocumentError) throw errors.unprocessable('unreadable_document', error.message);
    throw error;
  }
}
