/** `npm run build`: makes build/ as it is published: compiled by tsc, with declarations, and nothing of sources that are gone. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { copyAssets, pruneBuild } from './build-folder.js';
import { projectFolder, SOURCE_FOLDERS } from './sources.js';

const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
const config = join(projectFolder, 'tsconfig.build.json');
const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
copyAssets(projectFolder, SOURCE_FOLDERS);
pruneBuild(projectFolder, SOURCE_FOLDERS);
process.exitCode = status ?? 1;
