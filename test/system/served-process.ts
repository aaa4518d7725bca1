import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { type ServiceName, services } from '../../contract/index.js';
import { endWithRun } from '../support/end-with-run.js';

export interface ServedProcessProps {
  readonly name: ServiceName;
  readonly port: number;
  /** Folder that the image holds. */
  readonly tree: string;
  /** For its secrets' files. */
  readonly folder: string;
  /** Values of settings by their variable; of each process only those that its contract has. */
  readonly values: Readonly<Record<string, string>>;
  /** Node's own, such as for a profile of it. @default none */
  readonly nodeOptions?: string;
}

/** What a process writes on a line. */
interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly store?: string;
}

/** One process of the platform as its pod runs it: from the image's tree, settings as variables, secrets as mounted files. */
export class ServedProcess {
  readonly url: string;
  readonly lines: LogLine[] = [];
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(readonly props: ServedProcessProps) {
    const { name, port, tree } = props;
    this.url = `http://127.0.0.1:${port}`;
    const command = [join(tree, 'build/cli/main.js'), 'serve', name, '--port', String(port)];
    this.#child = spawn(process.execPath, command, {
      cwd: tree,
      env: { PATH: process.env.PATH, NODE_OPTIONS: props.nodeOptions ?? '', ...settingsOf(props) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    }
    this.ended = once(this.#child, 'exit').then(([code]) => code as number | null);
    endWithRun(this.#child);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.props.name} could not be started.`);
    return this.#child.pid;
  }

  tell(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @returns status and body of its readiness */
  async ready(): Promise<{ readonly status: number; readonly failed: readonly string[] }> {
    const response = await fetch(this.url + services[this.props.name].probes.readiness.path);
    const { failed } = (await response.json()) as { failed: string[] };
    return { status: response.status, failed };
  }

  async alive(): Promise<boolean> {
    return (await fetch(this.url + services[this.props.name].probes.liveness.path)).ok;
  }

  /** @throws with its last lines when it has ended, or after the time is over */
  async until(what: string, condition: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
    for (const end = Date.now() + withinMs; ; await wait(20)) {
      if (await Promise.resolve(condition()).catch(() => false)) return;
      if (this.#child.exitCode !== null || Date.now() > end) {
        const last = this.lines.slice(-5).map((line) => JSON.stringify(line));
        throw new Error(`${this.props.name}: waited in vain until ${what}.\n${last.join('\n')}`);
      }
    }
  }

  async untilReady(): Promise<void> {
    let last: unknown = 'nothing';
    const ready = async () => {
      const { status, failed } = await this.ready();
      last = failed;
      return status === 200;
    };
    await this.until('it is ready', ready).catch((error: Error) => {
      throw new Error(`${error.message}\nNot ready, last: ${last}`);
    });
  }

  /** Ends it, however it is. */
  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.tell('SIGKILL');
    await this.ended;
  }
}

function settingsOf({ name, folder, values }: ServedProcessProps): Record<string, string> {
  const env: Record<string, string> = { HOST: '127.0.0.1' };
  for (const setting of Object.values(services[name].settings)) {
    const value = values[setting.env];
    if (value === undefined) continue;
    if (!setting.secret) env[setting.env] = value;
    else {
      const path = join(folder, setting.env);
      writeFileSync(path, `${value}\n`, { mode: 0o600 });
      env[`${setting.env}_FILE`] = path;
    }
  }
  return env;
}
