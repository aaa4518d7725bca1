/** `npm run build`: makes build/ anew, with declarations, as it is published. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyAssets } from './build-folder.js';
import { projectFolder, SOURCE_FOLDERS } from './sources.js';

rmSync(join(projectFolder, 'build'), { recursive: true, force: true });
const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(projectFolder, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
copyAssets(projectFolder, SOURCE_FOLDERS);
process.exitCode = status ?? 1;
