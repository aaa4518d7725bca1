import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithRun } from '../../support/end-with-run.js';

export const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));

/** A line of its log. */
interface Line {
  readonly msg: string;
  readonly leads?: boolean;
  readonly url?: string;
  readonly err?: { readonly message: string };
}

/** `armature serve canary`, as its pod runs it. */
export class ControllerProcess {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', 'canary', '--port', '0'], {
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    }
    endWithRun(this.#child);
  }

  /** By its own last word. */
  get leads(): boolean {
    return this.isAlive && (this.lines.findLast(({ leads }) => leads !== undefined)?.leads ?? false);
  }

  /** Where it answers; `undefined` before it serves. */
  get url(): string | undefined {
    return this.lines.find(({ msg }) => msg === 'serving')?.url;
  }

  /** It has decided something. */
  get acted(): boolean {
    return this.lines.some(({ msg }) => msg === 'canary verdict');
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it complains of. */
  get complaints(): readonly string[] {
    return this.lines.flatMap(({ msg, err }) => (err ? [`${msg}: ${err.message}`] : []));
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isAlive) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
