import { cacheRequests } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { ServerOptions } from '../runtime/server.js';
import type { CacheLevel } from './cache-answer.js';
import type { CacheStore } from './cache-store.js';
import { TieredCache } from './tiered-cache.js';

/** A service's cache over a shared store, counted by level and the prefix of the key; a store that fails is passed over and told. */
export function makeTieredCache(
  store: CacheStore,
  clock: Clock,
  { metrics, logger }: Pick<ServerOptions, 'metrics' | 'logger'>,
): TieredCache {
  const countersOf = (cache: string) => {
    const tally = (level: CacheLevel) => metrics.tally(cacheRequests, { cache, level });
    return { l1: tally('l1'), l2: tally('l2'), source: tally('source') };
  };
  return new TieredCache({
    store,
    clock,
    countersOf,
    onStoreError: (error) => logger.warn({ err: error }, 'the shared cache failed'),
    onRefreshError: (error) => logger.warn({ err: error }, 'a stale value could not be computed again'),
  });
}
