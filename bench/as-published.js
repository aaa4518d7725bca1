/**
 * `node bench/as-published.js NAME`: runs a bench as one bundle, as the package is published. What tsx adds to keep the names of functions costs each closure time.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [, , name] = process.argv;
const beside = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const outfile = beside(`.${name}.bundle.js`);
process.once('exit', () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [beside(`${name}.ts`)],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
