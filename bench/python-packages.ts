import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'armature', 'bench');

/** Packages from PyPI in a virtual environment of their own under the cache folder, made when it is not there. @returns its programs' folder */
export function pythonOf(name: string, packages: readonly string[]): string {
  const home = join(cache, name);
  const bin = join(home, 'bin');
  const done = join(home, 'complete');
  if (existsSync(done)) return bin;
  mkdirSync(cache, { recursive: true });
  for (const [command = '', ...args] of [
    ['python3', '-m', 'venv', home],
    [join(bin, 'pip'), 'install', '--quiet', ...packages],
  ]) {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${name} could not be installed: ${error?.message ?? `exit code ${status}`}`);
  }
  writeFileSync(done, '');
  return bin;
}
