import { join } from 'node:path';
import { findDocuments } from '../documents/find-documents.js';
import { packageFolder } from '../runtime/package-folder.js';

/** The project's own README and docs: something to ask about before there are documents of one's own. */
export async function findDefaultDocuments(): Promise<{ readonly root: string; readonly files: readonly string[] }> {
  const root = packageFolder();
  return { root, files: [join(root, 'README.md'), ...(await findDocuments(join(root, 'docs')))] };
}
