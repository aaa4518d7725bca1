import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { productionSources } from './sources.js';

/**
 * Brings a project's build/ up to date with its sources, without checking types: one bundle with shared chunks, most dependencies
 * left outside (docs/decisions/0002-run-from-build.md).
 * @param {string} project
 * @param {readonly string[]} folders folders of sources; those that are not there are passed over
 * @param {readonly string[]} entries modules that are entered from outside, relative to the project
 * @returns {Promise<boolean>} whether anything was written
 * @throws if a source is not valid TypeScript or imports what is not there; the message shows the place
 */
export async function updateBuild(project, folders, entries) {
  const build = join(project, 'build');
  const stampFile = join(build, 'sources.txt');
  const stamp = stampOf(project, folders);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;

  // Loaded on need: an unchanged project starts without the bundler.
  const esbuild = await import('esbuild');
  const bundling = esbuild.build({
    absWorkingDir: project,
    entryPoints: [...entries],
    outdir: build,
    outbase: project,
    bundle: true,
    splitting: true,
    external: externals(project),
    plugins: [requireOutside],
    format: 'esm',
    banner: { js: REQUIRE },
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    write: false,
    logLevel: 'silent',
  });
  // The bundler is a process of its own, which would stay for as long as this one does.
  const { outputFiles } = await bundling.finally(() => esbuild.stop());
  for (const { path, contents } of outputFiles) write(path, contents);
  write(stampFile, stamp);
  return true;
}

/** CommonJS packages that are taken in ask for Node's own modules by it. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Packages in CommonJS that are asked for as such: of what is imported, Node first reads every file for the names that it exports. */
const REQUIRED = /^(cdk8s|cdk8s-plus-28|constructs)$/;

/** @type {import('esbuild').Plugin} */
const requireOutside = {
  name: 'require-outside',
  setup({ onResolve, onLoad }) {
    const namespace = 'required';
    onResolve({ filter: REQUIRED }, ({ kind, path }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace },
    );
    onLoad({ filter: REQUIRED, namespace }, ({ path }) => ({ contents: `module.exports = require('${path}')` }));
  },
};

/** Packages of many small modules: read one by one they cost more time than all of ours. */
const TAKEN_IN = /^(zod|kysely|jose|undici|@stdlib\/.+)$/;

/**
 * What the bundle imports as it stands: every other package.
 * @param {string} project
 */
function externals(project) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...peerDependencies })
    .filter((name) => !TAKEN_IN.test(name))
    .flatMap((name) => [name, `${name}/*`]);
}

/**
 * Every source with its time and size: an edit, an older file put back and a removal all change it.
 * @param {string} project
 * @param {readonly string[]} folders
 */
function stampOf(project, folders) {
  return productionSources(project, folders)
    .map((path) => {
      const { mtimeMs, size } = statSync(join(project, path));
      return `${path} ${mtimeMs} ${size}\n`;
    })
    .join('');
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
