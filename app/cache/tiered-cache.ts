import { cachePolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import type { CacheAnswer } from './cache-answer.js';
import type { CacheKey } from './cache-key.js';
import type { CacheOptions, CachePolicy } from './cache-policy.js';
import type { CacheStore, Invalidation, InvalidationMessage } from './cache-store.js';
import type { CacheTag } from './cache-tag.js';
import type { CachedValue } from './cached-value.js';
import { type Flight, Flights } from './flights.js';
import { LeasedSource, type Loaded, type Wanted } from './leased-source.js';
import { jittered } from './lifetime.js';
import { CountersByPrefix, type LookupCounters } from './lookup-counters.js';
import { NearCache, type NearValue } from './near-cache.js';
import { SharedLevel } from './shared-level.js';

export interface TieredCacheProps {
  /** The shared level. */
  readonly store: CacheStore;
  readonly clock: Clock;
  /** @default the process's own */
  readonly timers?: Timers;
  /** 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** @default cachePolicy of the contract */
  readonly policy?: CachePolicy;
  /** Gives what counts a look-up of the keys with a prefix, for each level that may answer it. @default nothing counts */
  readonly countersOf?: (prefix: string) => LookupCounters;
  /** Called when the shared level failed or was too slow. The look-up goes on without it. */
  readonly onStoreError: (error: unknown) => void;
  /** Called when a value that was given stale could not be computed again. */
  readonly onRefreshError: (error: unknown) => void;
}

/** A value near, with all that giving it takes. */
interface Near extends NearValue {
  /** Made by the first who asks, the same for all after: many a value is replaced before it is asked for. */
  hit: Hit | undefined;
}

interface Hit {
  readonly answer: Promise<CacheAnswer<unknown>>;
  readonly count: () => void;
}

const NO_OPTIONS: CacheOptions = {};
const keepsEach = () => true;

/**
 * Three levels: an LRU in this process, a shared store, the source. Misses fill upward.
 *
 * One computation at a time for each key, in this process and, by a lease in the shared store, in all: callers that come meanwhile wait for
 * it and share its result; in this process its error too, which is never cached. A value whose time is over is given a little longer while it is computed
 * again. `null` is a value like any other. Values are JSON, frozen once and shared.
 */
export class TieredCache {
  readonly #near: NearCache<Near>;
  readonly #flights = new Flights<CacheAnswer<unknown>>();
  readonly #shared: SharedLevel;
  readonly #behind: LeasedSource;
  readonly #counters: CountersByPrefix;
  readonly #policy: CachePolicy;
  readonly #random: () => number;
  readonly #endListening: () => void;

  constructor(private readonly props: TieredCacheProps) {
    const { store, clock, timers = systemTimers, random = Math.random, policy = cachePolicy } = props;
    this.#policy = policy;
    this.#random = random;
    this.#counters = new CountersByPrefix(props.countersOf);
    this.#near = new NearCache(policy.l1);
    this.#shared = new SharedLevel({ ...policy.l2, store, clock, onError: props.onStoreError });
    this.#behind = new LeasedSource({ shared: this.#shared, clock, timers, random, policy });
    this.#endListening = store.listen((message) => this.#hear(message));
  }

  /**
   * The value under `key`, computed if no level has it. It is frozen, and shared by all who ask.
   * @throws what `compute` throws, and {@link TypeError} if its value is not JSON
   */
  getOrCompute<T>(
    key: CacheKey,
    compute: () => Promise<T>,
    options: CacheOptions = NO_OPTIONS,
  ): Promise<CacheAnswer<T>> {
    const near = this.#near.get(key);
    // The way of most look-ups: nothing is made for it, neither a promise nor a copy.
    if (near !== undefined && this.props.clock() < near.unquestionedUntil) {
      near.hit ??= this.#hitOf(key, near.entry);
      near.hit.count();
      return near.hit.answer as Promise<CacheAnswer<T>>;
    }
    return this.#lookUp(this.#wanted(key, compute, options, 'stale'), near) as Promise<CacheAnswer<T>>;
  }

  /** Keeps a value in place of what is there, for a time of its own. One that is being computed or kept at the moment stays: it is as new. */
  async put(key: CacheKey, value: unknown, options: CacheOptions = NO_OPTIONS): Promise<void> {
    await this.#join(this.#wanted(key, async () => value, options, 'none'));
  }

  /** The value under `key` if a level has it, though its time may be over: nothing is computed for it. @param tags that it may bear */
  async find<T>(key: CacheKey, tags: readonly CacheTag[] = []): Promise<CacheAnswer<T> | undefined> {
    const near = this.#near.get(key);
    const found = this.#isGood(near)
      ? { value: near.entry.value, level: 'l1' as const, stale: near.entry.freshUntil <= this.props.clock() }
      : await this.#findBehind(key, tags);
    if (found !== undefined) this.#counters.of(key)[found.level]();
    return found as CacheAnswer<T> | undefined;
  }

  /** Forgets a value here, in the shared level and in every process. A computation under way still answers its callers, but is not kept. */
  delete(key: CacheKey): Promise<void> {
    return this.#invalidate({ key });
  }

  /** The same for every value with the tag. */
  deleteTag(tag: CacheTag): Promise<void> {
    return this.#invalidate({ tag });
  }

  /** The same for every value. */
  clear(): Promise<void> {
    return this.#invalidate('all');
  }

  /** Hears no more of what others invalidate. The store stays open. */
  close(): void {
    this.#endListening();
  }

  #wanted(key: CacheKey, compute: Wanted['compute'], options: CacheOptions, accepts: Wanted['accepts']): Wanted {
    const { tags = [], ttlSeconds = this.#policy.l2.ttlSeconds, keeps = keepsEach } = options;
    return { key, tags, ttlSeconds, compute, keeps, accepts };
  }

  async #lookUp(wanted: Wanted, near: Near | undefined): Promise<CacheAnswer<unknown>> {
    const answer = this.#isGood(near)
      ? ({ value: near.entry.value, level: 'l1', stale: true } as const)
      : await this.#join(wanted);
    if (answer.stale) this.#join({ ...wanted, accepts: 'fresh' }).catch(this.props.onRefreshError);
    this.#counters.of(wanted.key)[answer.level]();
    return answer;
  }

  /** Whether it may be given, fresh or stale, without asking the shared level. */
  #isGood(near: Near | undefined): near is Near {
    if (near === undefined) return false;
    const now = this.props.clock();
    return near.nearUntil > now && near.entry.expiresAt > now;
  }

  async #findBehind(key: CacheKey, tags: readonly CacheTag[]): Promise<CacheAnswer<unknown> | undefined> {
    const found = await this.#behind.find(key, tags);
    return found && answerOf(found);
  }

  #join(wanted: Wanted): Promise<CacheAnswer<unknown>> {
    return this.#flights.join(wanted.key, wanted.tags, (flight) => this.#fetch(wanted, flight));
  }

  async #fetch(wanted: Wanted, flight: Flight): Promise<CacheAnswer<unknown>> {
    try {
      const loaded = await this.#behind.load(wanted);
      if (!loaded.isPassing && !flight.dropped) this.#keepNear(wanted.key, loaded.entry);
      return answerOf(loaded);
    } finally {
      this.#flights.land(wanted.key, flight);
    }
  }

  #keepNear(key: CacheKey, entry: CachedValue): void {
    const nearMs = jittered(this.#policy.l1.ttlSeconds * 1000, this.#policy, this.#random());
    const nearUntil = this.props.clock() + nearMs;
    const unquestionedUntil = Math.min(nearUntil, entry.freshUntil);
    this.#near.set(key, { entry, nearUntil, unquestionedUntil, hit: undefined });
  }

  #hitOf(key: CacheKey, { value }: CachedValue): Hit {
    return { answer: Promise.resolve({ value, level: 'l1', stale: false }), count: this.#counters.of(key).l1 };
  }

  async #invalidate(what: Invalidation): Promise<void> {
    this.#forget(what);
    await this.#shared.invalidate(what);
  }

  #hear(message: InvalidationMessage): void {
    if (message === 'lost') {
      this.#forget('all');
      void this.#shared.wake();
    } else if (message.from !== this.#shared.id) this.#forget(message.what);
  }

  #forget(what: Invalidation): void {
    this.#near.forget(what);
    this.#flights.drop(what);
  }
}

function answerOf({ entry, level, stale }: Loaded): CacheAnswer<unknown> {
  return { value: entry.value, level, stale };
}
