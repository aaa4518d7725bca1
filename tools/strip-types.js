import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { productionSources } from './sources.js';

/**
 * Brings a project's build folder up to date: strips the types of every source that is newer than its output, or has none.
 * @param {string} project
 * @param {readonly string[]} folders folders of sources
 * @returns {Promise<number>} how many it wrote
 * @throws if a source is not valid TypeScript; the message shows the place.
 */
export async function stripTypes(project, folders) {
  const changed = productionSources(project, folders)
    .map((path) => ({ source: join(project, path), output: join(project, 'build', path.replace(/\.ts$/, '.js')) }))
    .filter(isChanged);
  if (changed.length === 0) return 0;
  // Loaded on need: an unchanged project starts without the compiler.
  const { transformSync } = await import('@swc/core');
  for (const { source, output } of changed) {
    const { code, map = '' } = transformSync(readFileSync(source, 'utf8'), { filename: source, sourceMaps: true });
    mkdirSync(dirname(output), { recursive: true });
    replaceFile(`${output}.map`, map);
    replaceFile(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
  }
  return changed.length;
}

/** @param {{ source: string, output: string }} compilation */
function isChanged({ source, output }) {
  const made = statSync(output, { throwIfNoEntry: false });
  return made === undefined || made.mtimeMs < statSync(source).mtimeMs;
}

/**
 * A reader, such as a second run beside this one, sees the old file or the new one, never a part.
 * @param {string} path
 * @param {string} text
 */
function replaceFile(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
