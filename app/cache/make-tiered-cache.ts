import { cacheRequests } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { ServerOptions } from '../runtime/server.js';
import type { CacheKey } from './cache-key.js';
import type { CacheStore } from './cache-store.js';
import { type CacheLevel, TieredCache } from './tiered-cache.js';

/** A service's cache over a shared store, counted by level and the prefix of the key; a store that fails is passed over and told. */
export function makeTieredCache(
  store: CacheStore,
  clock: Clock,
  { metrics, logger }: Pick<ServerOptions, 'metrics' | 'logger'>,
): TieredCache {
  const tallies = new Map<string, Record<CacheLevel, () => void>>();
  const talliesOf = (cache: string) => {
    const tally = (level: CacheLevel) => metrics.tally(cacheRequests, { cache, level });
    const made = { l1: tally('l1'), l2: tally('l2'), source: tally('source') };
    tallies.set(cache, made);
    return made;
  };
  const count = (level: CacheLevel, key: CacheKey) => {
    const prefix = key.slice(0, key.indexOf(':'));
    (tallies.get(prefix) ?? talliesOf(prefix))[level]();
  };
  return new TieredCache({
    store,
    clock,
    onLookup: count,
    onStoreError: (error) => logger.warn({ err: error }, 'the shared cache failed'),
    onRefreshError: (error) => logger.warn({ err: error }, 'a stale value could not be computed again'),
  });
}
