import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/** What the `armature` command and the package are made of. */
export const SOURCE_FOLDERS = ['app', 'cli', 'constructs', 'contract', 'sim', 'stacks'];

/** What is entered from outside: the command, and the parts that package.json exports. */
export const ENTRIES = ['cli/main.ts', 'contract/index.ts', 'constructs/index.ts', 'stacks/index.ts', 'sim/index.ts'];

/**
 * Production sources: TypeScript without tests and declarations.
 * @param {string} project folder that `folders` are in
 * @param {readonly string[]} folders those that are not there are passed over
 * @returns {string[]} paths relative to the project, sorted
 */
export function productionSources(project, folders) {
  return filesUnder(project, folders).filter(
    (path) => path.endsWith('.ts') && !/\.(test|conformance|fixture|d)\.ts$/.test(path),
  );
}

/**
 * @param {string} project
 * @param {readonly string[]} folders
 */
function filesUnder(project, folders) {
  return folders
    .filter((folder) => existsSync(join(project, folder)))
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .sort();
}
