import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/**
 * Production sources under the given folders of a project: TypeScript without tests and declarations.
 * @param {string} project
 * @param {readonly string[]} folders those that are not there are passed over
 * @returns {string[]} paths relative to the project, sorted
 */
export function productionSources(project, folders) {
  return folders
    .filter((folder) => existsSync(join(project, folder)))
    .flatMap((folder) => readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)))
    .filter((path) => path.endsWith('.ts') && !/\.(test|conformance|d)\.ts$/.test(path))
    .sort();
}
