import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, Program } from './program.js';

/** A real Redis that keeps its data in a temporary folder, on a free port of loopback. */
export class RedisServer {
  #program: Program;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly durable: boolean,
  ) {
    this.#program = this.#start();
  }

  /** @param durable whether what it has acknowledged outlives it. @default true */
  static async start(durable = true): Promise<RedisServer> {
    const [port = 0] = await freePorts(1);
    const server = new RedisServer(mkdtempSync(join(tmpdir(), 'armature-redis-')), port, durable);
    await server.#ready();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  /** Stops it in the middle of what it does; connections stay open and are not answered. */
  freeze(): void {
    this.#program.signal('SIGSTOP');
  }

  thaw(): void {
    this.#program.signal('SIGCONT');
  }

  /** Starts it again on the same port and data. */
  async restart(): Promise<void> {
    this.#program = this.#start();
    await this.#ready();
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.#program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(): Program {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      dir: this.folder,
      save: '',
      appendonly: this.durable ? 'yes' : 'no',
      appendfsync: 'always',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return new Program('redis-server', args, this.folder);
  }

  async #ready(): Promise<void> {
    await this.#program.until(() => answers(this.port));
  }
}

/** Whether a Redis answers there, with all its data read. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('error', () => resolve(false));
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
  });
}
