import { Redis } from 'ioredis';

export interface RedisOptions {
  /** As `redis://host:port` or `rediss://host:port`. */
  readonly url: string;
  /** @default none */
  readonly password?: string;
  /** Shown by Redis beside the connection. @default none */
  readonly name?: string;
  /** A command that has no answer by then fails. @default 1000 */
  readonly commandTimeoutMs?: number;
  /** While the connection is away: wait for it until the command's time is over, or fail at once. @default 'wait' */
  readonly whenAway?: 'wait' | 'fail';
  /** Hears of a lost connection, which comes back by itself. It must not throw. */
  readonly onError: (error: unknown) => void;
}

const RECONNECT = { firstMs: 50, longestMs: 2_000 } as const;

/** Opens a connection that comes back by itself, for as long as it takes Redis to answer. */
export async function openRedis(options: RedisOptions): Promise<Redis> {
  const { url, password, name, commandTimeoutMs = 1_000, whenAway = 'wait', onError } = options;
  const redis = new Redis(url, {
    ...(password !== undefined && { password }),
    ...(name !== undefined && { connectionName: name }),
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: whenAway === 'wait',
    // A command's own time is its bound.
    maxRetriesPerRequest: null,
    // What was sent over a lost connection may have been done: only the caller knows whether it may be done again.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(RECONNECT.firstMs * 2 ** times, RECONNECT.longestMs),
  });
  redis.on('error', onError);
  await new Promise<void>((resolve) => redis.once('ready', resolve));
  return redis;
}
