import { cacheRequests } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { ServerOptions } from '../runtime/server.js';
import type { CacheStore } from './cache-store.js';
import { TieredCache } from './tiered-cache.js';

/** A service's cache over a shared store, counted by level; a store that fails is passed over and told. */
export function makeTieredCache(
  cache: string,
  store: CacheStore,
  clock: Clock,
  { metrics, logger }: Pick<ServerOptions, 'metrics' | 'logger'>,
): TieredCache {
  return new TieredCache({
    store,
    clock,
    onLookup: (level) => metrics.count(cacheRequests, { cache, level }),
    onStoreError: (error) => logger.warn({ err: error }, 'the shared cache failed'),
  });
}
