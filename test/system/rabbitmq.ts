import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, Program } from './program.js';
import { brokerProgram } from './rabbitmq-line.js';

/** A real RabbitMQ node with its management API, on free ports of loopback; its data is in a temporary folder. */
export class RabbitMqServer {
  readonly #epmd: Program;
  #broker: Program;

  private constructor(
    private readonly folder: string,
    readonly ports: { amqp: number; management: number; metrics: number; distribution: number; epmd: number },
    private readonly line: string | undefined,
  ) {
    const address = ['-address', '127.0.0.1', '-port', String(ports.epmd)];
    this.#epmd = new Program('epmd', address, folder, {}, { command: brokerProgram('epmd', line) });
    this.#broker = this.#start();
  }

  /** @param line of RabbitMQ, as in `brokerProgram` */
  static async start(line?: string): Promise<RabbitMqServer> {
    const [amqp = 0, management = 0, metrics = 0, distribution = 0, epmd = 0] = await freePorts(5);
    const folder = mkdtempSync(join(tmpdir(), 'armature-rabbitmq-'));
    writeFileSync(
      join(folder, 'rabbitmq.conf'),
      [
        `listeners.tcp.1 = 127.0.0.1:${amqp}`,
        'management.tcp.ip = 127.0.0.1',
        `management.tcp.port = ${management}`,
        'prometheus.tcp.ip = 127.0.0.1',
        `prometheus.tcp.port = ${metrics}`,
        // How soon the management API knows of a new connection.
        'collect_statistics_interval = 1000',
        // The machine's memory and disk are not the test's.
        'disk_free_limit.absolute = 50MB',
        '',
      ].join('\n'),
    );
    writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
    const server = new RabbitMqServer(folder, { amqp, management, metrics, distribution, epmd }, line);
    try {
      await server.#ready();
      process.stderr.write(`${await server.#version()}\n`);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** As the nodes of a cluster know each other: by long names. */
  get node(): string {
    return `armature-${this.ports.amqp}@127.0.0.1`;
  }

  /** What nodes and command-line tools know each other by. */
  get cookie(): string {
    return readFileSync(join(this.folder, '.erlang.cookie'), 'utf8');
  }

  get url(): string {
    return `amqp://guest@127.0.0.1:${this.ports.amqp}`;
  }

  get port(): number {
    return this.ports.amqp;
  }

  get pid(): number {
    return this.#broker.pid;
  }

  readonly password = 'guest';

  /** Asks the management API. @returns what it answers as JSON, `undefined` for an empty answer */
  async manage(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.ports.management}/api/${path}`, {
      method,
      // A test that runs a program holds this process up, and the broker hangs up meanwhile: a connection is for one question.
      headers: {
        authorization: `Basic ${btoa('guest:guest')}`,
        'content-type': 'application/json',
        connection: 'close',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** A virtual host of its own for each test: nothing is shared with the others, and all of it goes at once. */
  async makeVhost(name: string): Promise<string> {
    await this.manage('PUT', `vhosts/${name}`, {});
    return `${this.url}/${name}`;
  }

  async deleteVhost(name: string): Promise<void> {
    await this.manage('DELETE', `vhosts/${name}`);
  }

  /** Runs the broker's command-line tool. @throws with what it says when it fails */
  async control(...command: readonly string[]): Promise<void> {
    const env = { ...process.env, HOME: this.folder, ERL_EPMD_PORT: String(this.ports.epmd) };
    // Not waited for in place: it takes seconds, in which connections would lose their heartbeat.
    await promisify(execFile)(
      brokerProgram('rabbitmqctl', this.line),
      ['--longnames', '--node', this.node, ...command],
      { env, cwd: this.folder },
    );
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#broker.kill();
  }

  /** Starts it again on the same ports and data. */
  async restart(): Promise<void> {
    this.#broker = this.#start();
    await this.#ready();
  }

  async stop(): Promise<void> {
    await this.#broker.stop();
    await this.#epmd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(): Program {
    const { folder, ports } = this;
    const env = {
      HOME: folder,
      RABBITMQ_BASE: folder,
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'none.config'),
      RABBITMQ_CONF_ENV_FILE: join(folder, 'none.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_USE_LONGNAME: 'true',
      RABBITMQ_NODENAME: this.node,
      RABBITMQ_DIST_PORT: String(ports.distribution),
      ERL_EPMD_PORT: String(ports.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // The script then becomes the broker instead of watching over it, so that a signal reaches the broker itself.
      RABBITMQ_ALLOW_INPUT: '1',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
    };
    return new Program('rabbitmq-server', [], folder, env, { command: brokerProgram('rabbitmq-server', this.line) });
  }

  async #version(): Promise<string> {
    const { rabbitmq_version, erlang_version } = (await this.manage('GET', 'overview')) as Record<string, string>;
    return `RabbitMQ ${rabbitmq_version} on Erlang ${erlang_version}`;
  }

  async #ready(): Promise<void> {
    await this.#broker.until(async () => {
      const health = await this.manage('GET', `health/checks/port-listener/${this.ports.amqp}`);
      return (health as { status?: string }).status === 'ok';
    });
  }
}
