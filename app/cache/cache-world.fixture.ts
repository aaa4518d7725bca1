import { ManualTime } from '../../test/support/manual-time.js';
import { MemoryCacheStore } from '../adapters/memory/memory-cache-store.js';
import type { CacheLevel } from './cache-answer.js';
import { cacheKey } from './cache-key.js';
import type { CacheOptions, CachePolicy } from './cache-policy.js';
import { TieredCache } from './tiered-cache.js';

export const policy: CachePolicy = {
  l1: { entries: 2, bytes: 1_000, ttlSeconds: 60 },
  l2: { ttlSeconds: 3600, timeoutMs: 5, restMs: 1_000 },
  staleSeconds: 0,
  missTtlSeconds: 60,
  jitterRatio: 0,
  lease: { ms: 2_000, pollMs: 50, waitMs: 10_000 },
};
export const keyOf = (input: string) => cacheKey('rag', { tenant: 'acme' }, input);
export const key = keyOf('question');

/** Caches of several processes over one shared level, in a time that the test moves. */
export class CacheWorld {
  readonly time = new ManualTime();
  readonly store = new MemoryCacheStore(this.time.clock);
  /** Where each answer came from. */
  readonly levels: CacheLevel[] = [];
  readonly errors: unknown[] = [];

  /** The cache of another process. */
  make(changes: Partial<CachePolicy> = {}): TieredCache {
    return new TieredCache({
      store: this.store,
      clock: this.time.clock,
      timers: this.time,
      random: () => 0.5,
      policy: { ...policy, ...changes },
      countersOf: (prefix) => {
        const count = (level: CacheLevel) => () => this.levels.push(prefix === 'rag' ? level : 'source');
        return { l1: count('l1'), l2: count('l2'), source: count('source') };
      },
      onStoreError: (error) => this.errors.push(error),
      onRefreshError: (error) => this.errors.push(error),
    });
  }
}

export function ask(cache: TieredCache, value: unknown = 'computed', options?: CacheOptions) {
  return cache.getOrCompute(key, async () => value, options);
}

export async function levelOf(cache: TieredCache, of = key): Promise<CacheLevel> {
  return (await cache.getOrCompute(of, async () => 'computed')).level;
}

/** A computation that counts its runs and ends when it is told to. */
export function gate<T>() {
  let runs = 0;
  const { promise, resolve, reject } = withResolvers<T>();
  const compute = () => {
    runs += 1;
    return promise;
  };
  return { compute, resolve, reject, runs: () => runs };
}

export function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
