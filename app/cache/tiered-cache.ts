import { LRUCache } from 'lru-cache';
import { cachePolicy } from '../../contract/index.js';
import { withDeadline } from '../resilience/deadline.js';
import type { Clock } from '../runtime/clock.js';
import type { CacheKey } from './cache-key.js';
import type { CacheStore } from './cache-store.js';
import { asJson, type CachedValue, isCachedValue, isFresh } from './cached-value.js';
import { copyJson } from './json-copy.js';

export const CACHE_LEVELS = ['l1', 'l2', 'source'] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** A value and the level that had it. Who waited for another's computation got it from the source too. */
export interface CacheAnswer<T> {
  readonly value: T;
  readonly level: CacheLevel;
}

export interface TieredCacheProps {
  /** The shared level. */
  readonly store: CacheStore;
  readonly clock: Clock;
  /** @default cachePolicy of the contract */
  readonly policy?: CachePolicy;
  /** Called once for each look-up, to count it. */
  readonly onLookup?: (level: CacheLevel, key: CacheKey) => void;
  /** Called when the shared level failed or was too slow. The look-up goes on without it. */
  readonly onStoreError: (error: unknown) => void;
}

export interface CachePolicy {
  readonly l1: { readonly entries: number; readonly ttlSeconds: number };
  readonly l2: { readonly ttlSeconds: number; readonly timeoutMs: number };
}

/** A computation under way. */
interface Flight {
  readonly answer: Promise<CacheAnswer<unknown>>;
  /** The key was deleted meanwhile: the result is out of date and must not be kept. */
  dropped: boolean;
}

/**
 * Three levels: an LRU in this process, a shared store, the source. Misses fill upward.
 *
 * One computation at a time for each key: callers that come meanwhile wait for it and share its result or its error; an error is
 * not cached. `null` is a value like any other. Values are JSON, and each caller gets a copy of its own.
 */
export class TieredCache {
  readonly #l1: LRUCache<CacheKey, CachedValue>;
  readonly #flights = new Map<CacheKey, Flight>();
  readonly #policy: CachePolicy;

  constructor(private readonly props: TieredCacheProps) {
    this.#policy = props.policy ?? cachePolicy;
    this.#l1 = new LRUCache({ max: this.#policy.l1.entries });
  }

  /**
   * The value under `key`, computed if no level has it.
   * @param options.ttlSeconds how long it may be reused; `null` until it is deleted. @default policy.l2.ttlSeconds
   * @throws what `compute` throws, and {@link TypeError} if its value is not JSON
   */
  async getOrCompute<T>(
    key: CacheKey,
    compute: () => Promise<T>,
    options: { readonly ttlSeconds?: number | null } = {},
  ): Promise<CacheAnswer<T>> {
    const { ttlSeconds = this.#policy.l2.ttlSeconds } = options;
    const near = this.#l1.get(key);
    const { value, level } =
      near !== undefined && isFresh(near, this.props.clock())
        ? { value: near.value, level: 'l1' as const }
        : await this.#join(key, (isDropped) => this.#load(key, isDropped, compute, ttlSeconds));
    this.props.onLookup?.(level, key);
    return { value: copyJson(value) as T, level };
  }

  /** Forgets a value here and in the shared level. A computation under way still answers its callers, but is not kept. */
  async delete(key: CacheKey): Promise<void> {
    const flight = this.#flights.get(key);
    if (flight !== undefined) flight.dropped = true;
    this.#flights.delete(key);
    this.#l1.delete(key);
    await this.#shared('delete', () => this.props.store.delete(key));
  }

  /** Waits for the computation under way, or starts one. */
  #join(
    key: CacheKey,
    load: (isDropped: () => boolean) => Promise<CacheAnswer<unknown>>,
  ): Promise<CacheAnswer<unknown>> {
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) return underWay.answer;
    const flight: Flight = { answer: load(() => flight.dropped), dropped: false };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight.answer;
  }

  async #load(
    key: CacheKey,
    isDropped: () => boolean,
    compute: () => Promise<unknown>,
    ttlSeconds: number | null,
  ): Promise<CacheAnswer<unknown>> {
    const found = await this.#shared('get', () => this.props.store.get(key));
    if (isCachedValue(found) && isFresh(found, this.props.clock())) {
      if (!isDropped()) this.#keepNear(key, found);
      return { value: found.value, level: 'l2' };
    }
    const value = asJson(await compute());
    const expiresAt = ttlSeconds === null ? null : this.props.clock() + ttlSeconds * 1000;
    if (!isDropped()) {
      this.#keepNear(key, { value, expiresAt });
      await this.#shared('set', () => this.props.store.set(key, { value, expiresAt }, ttlSeconds));
      if (isDropped()) await this.#shared('delete', () => this.props.store.delete(key));
    }
    return { value, level: 'source' };
  }

  #keepNear(key: CacheKey, { value, expiresAt }: CachedValue): void {
    const nearExpiry = this.props.clock() + this.#policy.l1.ttlSeconds * 1000;
    this.#l1.set(key, { value, expiresAt: Math.min(nearExpiry, expiresAt ?? nearExpiry) });
  }

  /** Asks the shared level. Its failure is reported and reads as nothing found. */
  async #shared<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const { timeoutMs } = this.#policy.l2;
      return await withDeadline({ what: `The shared cache's ${what}`, timeoutMs }, ask);
    } catch (error) {
      this.props.onStoreError(error);
      return undefined;
    }
  }
}
