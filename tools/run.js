/**
 * Runs the `armature` command from source: `node tools/run.js synth --env dev`.
 *
 * It strips the types of what changed since the last run into build/ and runs that with plain Node. A loader hook such as tsx
 * would do without the folder, but also sends every file of every dependency through a second thread: importing LangChain
 * alone then costs three times the CPU (docs/decisions/0002-run-from-build.md).
 */
import { join } from 'node:path';
import { projectFolder } from './sources.js';
import { stripTypes } from './strip-types.js';

await stripTypes(projectFolder, ['app', 'cli', 'constructs', 'contract', 'stacks']);
const main = join(projectFolder, 'build', 'cli', 'main.js');
process.argv[1] = main;
await import(main);
