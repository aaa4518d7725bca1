import { signToken } from '../../app/embedded/local-tokens.js';
import type { Identity } from '../../app/runtime/identity.js';
import { peerSettings, type ServiceName, services } from '../../contract/index.js';
import { startObjectStore } from './object-store.js';
import { startPostgres } from './postgres.js';
import { freePorts } from './program.js';
import { startQdrant } from './qdrant.js';
import { RabbitMqServer } from './rabbitmq.js';
import { RedisServer } from './redis.js';
import { ServedProcess } from './served-process.js';
import type { StartedStores } from './store-values.js';

/** The key that the platform's tokens are signed with. */
const SECRET = 'a secret of at least thirty-two characters';

/** Who sends the requests, unless told otherwise. */
export const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'enterprise' };

const names = Object.keys(services) as ServiceName[];

export interface PublicRequest {
  /** @default GET, and POST where there is a body */
  readonly method?: string;
  /** Sent as JSON; bytes as they are. */
  readonly body?: unknown;
  readonly as?: Identity;
}

export interface ServedPlatformProps {
  readonly folder: string;
  /** Folder that the image holds. */
  readonly tree: string;
  /** Where the processes find their stores. */
  readonly values: Readonly<Record<string, string>>;
}

/** The stores that production has, each a real one, for one test run. */
export async function startStores(folder: string): Promise<StartedStores> {
  const [postgres, redis, rabbitmq, qdrant, objects] = await Promise.all([
    startPostgres(folder),
    RedisServer.start(),
    RabbitMqServer.start(),
    startQdrant(folder),
    startObjectStore(folder),
  ]);
  return { postgres, redis, rabbitmq, qdrant, objects };
}

export async function stopStores({ postgres, redis, rabbitmq, qdrant, objects }: StartedStores): Promise<void> {
  await Promise.all([
    postgres.program.stop('SIGINT'),
    redis.stop(),
    rabbitmq.stop(),
    qdrant.program?.stop(),
    objects.program.stop(),
  ]);
}

/** Every process of the platform, as their pods run them. */
export class ServedPlatform {
  readonly #running = new Map<ServiceName, ServedProcess>();
  readonly #values: Readonly<Record<string, string>>;

  private constructor(
    private readonly props: ServedPlatformProps,
    private readonly portOf: (name: ServiceName) => number,
  ) {
    const peers = Object.values(peerSettings).flatMap(({ env }) => {
      const name = names.find((one) => env === `${one.toUpperCase()}_URL`);
      return name === undefined ? [] : [[env, `http://127.0.0.1:${portOf(name)}`]];
    });
    this.#values = { ...Object.fromEntries(peers), ...props.values, JWT_SECRET: SECRET, CANARY_DRY_RUN: 'true' };
  }

  /** Starts all of them, and waits until they are ready. */
  static async start(props: ServedPlatformProps): Promise<ServedPlatform> {
    const ports = await freePorts(names.length);
    const platform = new ServedPlatform(props, (name) => ports[names.indexOf(name)] ?? 0);
    for (const name of names) platform.serve(name);
    await platform.untilReady();
    return platform;
  }

  /** Starts a process, in the place of one that has ended. */
  serve(name: ServiceName, changes: Readonly<Record<string, string>> = {}): ServedProcess {
    const values = { ...this.#values, ...changes };
    const process = new ServedProcess({ ...this.props, name, port: this.portOf(name), values });
    this.#running.set(name, process);
    return process;
  }

  process(name: ServiceName): ServedProcess {
    const found = this.#running.get(name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  async untilReady(): Promise<void> {
    await Promise.all([...this.#running.values()].map((process) => process.untilReady()));
  }

  token(identity: Identity = ada): Promise<string> {
    return signToken(SECRET, identity, Date.now);
  }

  /** Sends a request to the gateway. */
  async request(path: string, { method, body, as }: PublicRequest = {}) {
    const raw = body instanceof Uint8Array;
    const response = await fetch(this.process('gateway').url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${await this.token(as)}`,
        ...(body !== undefined && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body !== undefined && { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: () => JSON.parse(text) };
  }

  /** Ends all of them, however they are. */
  async end(): Promise<void> {
    await Promise.all([...this.#running.values()].map((process) => process.end()));
  }
}
