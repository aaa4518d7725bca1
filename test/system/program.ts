import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endWithRun } from '../support/end-with-run.js';
import { tool } from './tools.js';

export interface ProgramOptions extends Pick<SpawnOptions, 'uid' | 'gid'> {
  /** Path of the executable. @default what tools/setup.sh calls by the program's name */
  readonly command?: string;
}

/** A server that runs beside the test; what it prints goes to a file of its name. */
export class Program {
  readonly #child: ChildProcess;
  readonly #log: string;

  /**
   * Starts what tools/setup.sh has put there under that name, unless told of another command.
   * @param env beside the test's own environment
   */
  constructor(
    readonly name: string,
    args: readonly string[],
    folder: string,
    env: Readonly<Record<string, string>> = {},
    { command = tool(name), ...user }: ProgramOptions = {},
  ) {
    this.#log = join(folder, `${name}.log`);
    // Straight into the file: a pipe fills while a test waits for another program, and the server then stands still.
    const log = openSync(this.#log, 'w');
    this.#child = spawn(command, args, {
      stdio: ['ignore', log, log],
      cwd: folder,
      env: { ...process.env, ...env },
      ...user,
    });
    closeSync(log);
    endWithRun(this.#child);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} could not be started.`);
    return this.#child.pid;
  }

  /** The end of what it has printed. */
  get log(): string {
    return readFileSync(this.#log, 'utf8').slice(-2_000);
  }

  /**
   * Waits for a condition as long as the program runs.
   * @throws with the end of its log when it has ended, or after the time is over
   */
  async until(ready: () => Promise<boolean>, timeoutMs = 300_000): Promise<void> {
    for (const end = Date.now() + timeoutMs; ; await wait(200)) {
      if (await ready().catch(() => false)) return;
      if (this.#child.exitCode !== null) {
        throw new Error(`${this.name} ended with ${this.#child.exitCode}:\n${this.log}`);
      }
      if (Date.now() > end) throw new Error(`${this.name} was not ready after ${timeoutMs / 1_000} s:\n${this.log}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as a power cut would: without a chance to do anything. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to end, and ends it after ten seconds. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  }
}

/**
 * Ports of loopback that nobody listens on. They lie below those that the system gives to outgoing connections (from 32,768 on Linux): such
 * a one may be taken again before a slow server has come so far as to listen.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer().listen(15_000 + Math.floor(Math.random() * 17_000), '127.0.0.1');
    const listens = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (listens) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
