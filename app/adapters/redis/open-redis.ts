import { type RedisOptions as DriverOptions, Redis } from 'ioredis';
import { ports } from '../../../contract/index.js';

export interface RedisOptions {
  /** As `redis://host:port` or `rediss://host:port`. */
  readonly url: string;
  /** @default none */
  readonly password?: string;
  /**
   * `host:port` of sentinels, where the primary is asked of them: they know it by the host of `url`, and take the same password.
   * @default none: `url` is the server
   */
  readonly sentinels?: readonly string[] | undefined;
  /** Shown by Redis beside the connection. @default none */
  readonly name?: string;
  /** A command that has no answer by then fails. @default 1000 */
  readonly commandTimeoutMs?: number;
  /** While the connection is away: wait for it until the command's time is over, or fail at once. @default 'wait' */
  readonly whenAway?: 'wait' | 'fail';
  /** Give the connection back at once, and let it come in the background. @default false: once Redis has answered */
  readonly inBackground?: boolean;
  /** Hears of a lost connection, which comes back by itself. It must not throw. */
  readonly onError: (error: unknown) => void;
}

const RECONNECT = { firstMs: 50, longestMs: 2_000 } as const;

/**
 * Opens a connection that comes back by itself, waiting for as long as it takes Redis to answer unless it is to come in the background.
 * @throws when Redis, having answered, is one of a cluster, or goes away again at once
 */
export async function openRedis(options: RedisOptions): Promise<Redis> {
  const {
    url,
    password,
    name,
    sentinels,
    commandTimeoutMs = 1_000,
    whenAway = 'wait',
    inBackground,
    onError,
  } = options;
  const driverOptions: DriverOptions = {
    ...(password !== undefined && { password }),
    ...(name !== undefined && { connectionName: name }),
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: whenAway === 'wait',
    // A command's own time is its bound.
    maxRetriesPerRequest: null,
    // What was sent over a lost connection may have been done: only the caller knows whether it may be done again.
    autoResendUnfulfilledCommands: false,
    // A primary that became a replica keeps its clients: only a new connection asks anew who is the primary now.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    retryStrategy: (times) => Math.min(RECONNECT.firstMs * 2 ** times, RECONNECT.longestMs),
  };
  const redis =
    sentinels === undefined
      ? new Redis(url, driverOptions)
      : new Redis({ ...driverOptions, ...bySentinels(url, sentinels, password) });
  redis.on('error', onError);
  if (inBackground) return redis;
  await new Promise<void>((resolve) => redis.once('ready', resolve));
  try {
    await refuseCluster(redis);
    return redis;
  } catch (error) {
    redis.disconnect(); // Whoever asks again opens another one.
    throw error;
  }
}

/** Its servers refuse what touches keys of several of them, as most of our scripts do. */
async function refuseCluster(redis: Redis): Promise<void> {
  const info = await redis.info('server').catch((error: Error) => {
    // A user may be kept from it, as from all commands that Redis calls dangerous, and need it for nothing else.
    if (error.message.startsWith('NOPERM')) return '';
    throw error;
  });
  if (!info.includes('redis_mode:cluster')) return;
  const { host, port } = redis.options;
  throw new Error(
    `${host}:${port} is a server of a Redis Cluster, which is not supported. Name a Redis without cluster mode, or the sentinels of one.`,
  );
}

/** A URL's host is then a name, its scheme still says whether to use TLS; the driver looks for the primary again after every loss. */
function bySentinels(url: string, sentinels: readonly string[], password: string | undefined): DriverOptions {
  const { hostname, protocol } = new URL(url);
  return {
    name: hostname,
    sentinels: sentinels.map((address) => {
      const [host = '', port = ports.redisSentinel] = address.split(':');
      return { host, port: Number(port) };
    }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(protocol === 'rediss:' && { tls: {}, enableTLSForSentinelMode: true }),
  };
}
