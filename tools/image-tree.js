/**
 * `npm run image:tree -- OUT`: the tree that the image holds, without a container engine: build/, the packages that it needs at run time, and
 * the files that it reads. The Dockerfile runs this too, so that both are one.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { updateBuild } from './build-folder.js';
import { ENTRIES, projectFolder, SOURCE_FOLDERS } from './sources.js';

/** What packages carry beside what runs: declarations, maps, documentation, sources, tests. */
const UNUSED_FILES = /\.(d\.[cm]?ts|[cm]?ts|map|md|markdown|flow)$|^(LICENSE-.*|\.(eslintrc|npmignore|travis.yml))$/i;
const UNUSED_FOLDERS = new Set([
  'test',
  'tests',
  '__tests__',
  'docs',
  'example',
  'examples',
  'benchmark',
  'benchmarks',
  '.github',
]);

/** Whole packages that no process of a cluster loads, each with its reason. */
const UNUSED_PACKAGES = {
  typescript: 'a peer of the Qdrant client, for its types',
  '@libsql': "SQLite's binary: in a cluster the store is PostgreSQL",
  libsql: 'the same',
};

const out = process.argv[2];
if (out === undefined) {
  process.stderr.write('Name the folder to write: npm run image:tree -- OUT\n');
  process.exit(2);
}
await assemble(resolve(out));

/** @param {string} tree */
async function assemble(tree) {
  await updateBuild(projectFolder, SOURCE_FOLDERS, ENTRIES);
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, 'app'), { recursive: true });
  for (const file of ['package-lock.json', 'LICENSE']) cpSync(join(projectFolder, file), join(tree, file));
  const isNeeded = (/** @type {string} */ path) => !/\.(map|d\.ts)$|sources\.txt$/.test(path);
  cpSync(join(projectFolder, 'build'), join(tree, 'build'), { recursive: true, filter: isNeeded });
  /** @type {{ files: string[] }} */
  const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  // Of what is published, the files of the application that are read beside the bundle.
  for (const path of manifest.files.filter((one) => one.startsWith('app/'))) {
    cpSync(join(projectFolder, path), join(tree, path), { recursive: true });
  }
  writeFileSync(join(tree, 'package.json'), JSON.stringify(manifest, null, 2));
  const install = [
    'ci',
    '--omit=dev',
    '--omit=peer',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ];
  const { status } = spawnSync('npm', install, { cwd: tree, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  const modules = join(tree, 'node_modules');
  for (const name of Object.keys(UNUSED_PACKAGES)) rmSync(join(modules, name), { recursive: true, force: true });
  prune(modules);
  process.stdout.write(`${tree}: ${(bytesOf(tree) / 1e6).toFixed(0)} MB\n`);
}

/** @param {string} folder */
function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const unused = entry.isDirectory() ? UNUSED_FOLDERS.has(entry.name) : UNUSED_FILES.test(entry.name);
    if (unused) rmSync(path, { recursive: true, force: true });
    else if (entry.isDirectory()) prune(path);
  }
}

/**
 * @param {string} folder
 * @returns {number}
 */
function bytesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + bytesOf(path);
    return sum + (entry.isFile() ? statSync(path).size : 0);
  }, 0);
}
