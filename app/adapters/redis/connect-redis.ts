import type { Redis } from 'ioredis';
import type { redisSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { openRedis, type RedisOptions } from './open-redis.js';

interface OwnOptions extends Partial<Pick<RedisOptions, 'commandTimeoutMs' | 'whenAway'>> {
  /** @default 'Redis' */
  readonly name?: string;
  /** Whether the process is not ready while Redis is away, and waits for it at its start. @default true */
  readonly essential?: boolean;
}

/** Opens a connection of a process to Redis. */
export function connectRedis(
  {
    settings,
    stores,
    options,
  }: Pick<ProcessContext<SettingsOf<typeof redisSettings>>, 'settings' | 'stores' | 'options'>,
  { name = 'Redis', essential = true, ...own }: OwnOptions = {},
): Promise<Redis> {
  const { logger, spec } = options;
  const connect = () =>
    openRedis({
      url: settings.redisUrl,
      sentinels: settings.redisSentinels,
      password: settings.redisPassword,
      name: spec.name,
      inBackground: !essential,
      onError: (error) =>
        logger.warn({ err: error, store: name }, `${name} is away; the connection comes back by itself`),
      ...own,
    });
  return stores.open(name, connect, (redis) => ({
    ...(essential && { check: () => redis.ping() }),
    // While Redis is away there is nobody to take leave of, and it would go on trying.
    close: async () => (redis.status === 'ready' ? redis.quit() : redis.disconnect()),
  }));
}
