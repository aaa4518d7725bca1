/** `npm run build`: makes build/ anew as it is published: the bundle, and the declarations that tsc writes. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { updateBuild } from './build-folder.js';
import { ENTRIES, projectFolder, SOURCE_FOLDERS } from './sources.js';

rmSync(join(projectFolder, 'build'), { recursive: true, force: true });
await updateBuild(projectFolder, SOURCE_FOLDERS, ENTRIES);
const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
const config = join(projectFolder, 'tsconfig.build.json');
const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
process.exitCode = status ?? 1;
