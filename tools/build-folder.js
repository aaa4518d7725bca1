import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { assets, productionSources } from './sources.js';

/** @typedef {{ source: string, output: string }} Made a file of the project, and the file in build/ that is made of it */

/**
 * Brings a project's build/ up to date with its sources, without checking types.
 * @param {string} project
 * @param {readonly string[]} folders folders of sources
 * @returns {Promise<number>} how many files it wrote
 * @throws if a source is not valid TypeScript; the message shows the place
 */
export async function updateBuild(project, folders) {
  const sources = changed(project, productionSources(project, folders));
  // Loaded on need: an unchanged project starts without the compiler.
  if (sources.length > 0) stripTypes(sources, await import('@swc/core'));
  return sources.length + copyAssets(project, folders);
}

/**
 * Copies what the compiler leaves out.
 * @param {string} project
 * @param {readonly string[]} folders
 * @returns {number} how many files it wrote
 */
export function copyAssets(project, folders) {
  const files = changed(project, assets(project, folders));
  for (const { source, output } of files) write(output, readFileSync(source));
  return files.length;
}

/**
 * Removes from build/ what no source makes any more.
 * @param {string} project
 * @param {readonly string[]} folders
 */
export function pruneBuild(project, folders) {
  const build = join(project, 'build');
  const modules = productionSources(project, folders).map((path) => path.replace(/\.ts$/, ''));
  const wanted = new Set([
    ...modules.flatMap((path) => [`${path}.js`, `${path}.js.map`, `${path}.d.ts`]),
    ...assets(project, folders),
  ]);
  for (const path of readdirSync(build, { recursive: true, encoding: 'utf8' })) {
    if (!wanted.has(path) && statSync(join(build, path)).isFile()) rmSync(join(build, path));
  }
}

/**
 * @param {readonly Made[]} files
 * @param {typeof import('@swc/core')} compiler configured by .swcrc, as the tests are
 */
function stripTypes(files, compiler) {
  for (const { source, output } of files) {
    const { code, map = '' } = compiler.transformSync(readFileSync(source, 'utf8'), {
      filename: source,
      sourceMaps: true,
    });
    write(`${output}.map`, map);
    write(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
  }
}

/**
 * Files that are newer than what is made of them.
 * @param {string} project
 * @param {readonly string[]} paths relative to the project
 * @returns {Made[]}
 */
function changed(project, paths) {
  return paths
    .map((path) => ({ source: join(project, path), output: join(project, 'build', path.replace(/\.ts$/, '.js')) }))
    .filter(({ source, output }) => {
      const made = statSync(output, { throwIfNoEntry: false });
      return made === undefined || made.mtimeMs < statSync(source).mtimeMs;
    });
}

/**
 * A reader, such as a second run beside this one, sees the old file or the new one, never a part.
 * @param {string} path
 * @param {string | Uint8Array} content
 */
function write(path, content) {
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, content);
  renameSync(draft, path);
}
