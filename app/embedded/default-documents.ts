import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDocuments } from '../documents/find-documents.js';

/** The project's own README and docs: something to ask about before there are documents of one's own. */
export async function findDefaultDocuments(): Promise<{ readonly root: string; readonly files: readonly string[] }> {
  const root = projectRoot();
  return { root, files: [join(root, 'README.md'), ...(await findDocuments(join(root, 'docs')))] };
}

/** The folder of package.json, from the sources as from the compiled output. */
function projectRoot(): string {
  let folder = fileURLToPath(new URL('.', import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = join(folder, '..');
  return folder;
}
