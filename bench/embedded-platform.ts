import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { localSecret, signToken } from '../app/embedded/local-tokens.js';
import type { Identity } from '../app/runtime/identity.js';
import type { ServiceName } from '../contract/index.js';

const project = fileURLToPath(new URL('..', import.meta.url));
/** In memory where there is such a place: how long this machine's disk takes is not what is measured. */
const folders = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** `npm start` in a process of its own, from the build. */
export class EmbeddedPlatform {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly urls: Readonly<Record<ServiceName, string>>,
  ) {}

  /** @param env of its settings */
  static async start(env: Readonly<Record<string, string>>): Promise<EmbeddedPlatform> {
    const folder = mkdtempSync(join(folders, 'armature-bench-'));
    const args = ['tools/run.js', 'start', '--no-documents', '--port', '0', '--data', folder];
    const child = spawn(process.execPath, args, {
      cwd: project,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const urls: Record<string, string> = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name, url] = /^ {2}(\w+) +(http:\S+)$/.exec(line) ?? [];
      if (name !== undefined && url !== undefined) urls[name] = url;
      if (line.startsWith('ready in')) break;
    }
    // What else it prints would fill the pipe.
    child.stdout.resume();
    if (!urls.gateway) throw new Error('npm start ended before it was ready.');
    return new EmbeddedPlatform(child, folder, urls as Record<ServiceName, string>);
  }

  /** A token that it takes. */
  async tokenOf(identity: Identity): Promise<string> {
    return signToken(await localSecret(this.folder), identity, Date.now);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
