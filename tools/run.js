/**
 * Runs the `armature` command from source: `node tools/run.js synth --env dev`.
 *
 * It brings build/ up to date and runs that with plain Node. A loader hook such as tsx would do without the folder, but also
 * sends every file of every dependency through a second thread: importing LangChain alone then costs three times the CPU
 * (docs/decisions/0002-run-from-build.md).
 */
import { join } from 'node:path';
import { updateBuild } from './build-folder.js';
import { ENTRIES, projectFolder, SOURCE_FOLDERS } from './sources.js';

await updateBuild(projectFolder, SOURCE_FOLDERS, ENTRIES);
const main = join(projectFolder, 'build', 'cli', 'main.js');
process.argv[1] = main;
await import(main);
