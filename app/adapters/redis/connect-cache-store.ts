import { cachePolicy, type redisSettings, type SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { connectRedis } from './connect-redis.js';
import { RedisCacheStore } from './redis-cache-store.js';

/** Opens a process's shared cache. Without it the process still serves. */
export async function connectCacheStore(
  context: Pick<ProcessContext<SettingsOf<typeof redisSettings>>, 'settings' | 'stores' | 'options'>,
): Promise<RedisCacheStore> {
  const redis = await connectRedis(context, {
    essential: false,
    whenAway: 'fail',
    commandTimeoutMs: cachePolicy.l2.timeoutMs,
  });
  const { logger } = context.options;
  const open = async () =>
    new RedisCacheStore(redis, (error) => logger.warn({ err: error }, 'invalidations are not heard'));
  return context.stores.open('the shared cache', open, (store) => ({ close: () => store.close() }));
}
