import { randomUUID } from 'node:crypto';
import { cachePolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { systemTimers, type Timers } from '../runtime/timers.js';
import type { CacheKey } from './cache-key.js';
import type { CacheStore, Invalidation, InvalidationMessage } from './cache-store.js';
import type { CacheTag } from './cache-tag.js';
import { type CachedValue, jsonOf, readCachedValue, writeCachedValue } from './cached-value.js';
import { deepFreeze } from './deep-freeze.js';
import { jittered, type LifetimePolicy, lifetimeOf } from './lifetime.js';
import { type NearBounds, NearCache, type NearValue } from './near-cache.js';
import { SharedLevel, validOrNone } from './shared-level.js';

export const CACHE_LEVELS = ['l1', 'l2', 'source'] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** A value and the level that had it. Who waited for another's computation in this process got it from the source too. */
export interface CacheAnswer<T> {
  readonly value: T;
  readonly level: CacheLevel;
  /** Its time is over, and it is being computed again. */
  readonly stale: boolean;
}

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

export type LookupCounters = Readonly<Record<CacheLevel, () => void>>;

export interface CachePolicy extends LifetimePolicy {
  readonly l1: NearBounds & { readonly ttlSeconds: number };
  readonly l2: { readonly ttlSeconds: number; readonly timeoutMs: number; readonly restMs: number };
  /** Of replicas that miss one key at once, one computes. */
  readonly lease: {
    /** The next may compute when one that died has said nothing for so long. */
    readonly ms: number;
    /** The others look so often, */
    readonly pollMs: number;
    /** and compute for themselves after so long. */
    readonly waitMs: number;
  };
}

export interface CacheOptions {
  /** How long the value may be reused; `null` until it is invalidated. @default policy.l2.ttlSeconds */
  readonly ttlSeconds?: number | null;
  /** What it can be invalidated by beside its key. @default none */
  readonly tags?: readonly CacheTag[];
}

/** A computation under way. */
interface Flight {
  readonly tags: readonly string[];
  /** Something was invalidated meanwhile: the result may be out of date and must not be kept near. */
  dropped: boolean;
  answer: Promise<CacheAnswer<unknown>>;
}

/** A value near, with all that giving it takes. */
interface Near extends NearValue {
  /** Its answer, the same for all who ask. */
  readonly answer: Promise<CacheAnswer<unknown>>;
  readonly count: () => void;
}

/** What is asked for. */
interface Request {
  readonly key: CacheKey;
  readonly tags: readonly string[];
  readonly ttlSeconds: number | null;
  readonly compute: () => Promise<unknown>;
  /** A stale value was given already: another one is wanted. */
  readonly refresh: boolean;
}

/**
 * Three levels: an LRU in this process, a shared store, the source. Misses fill upward.
 *
 * One computation at a time for each key, in this process and, by a lease in the shared store, in all: callers that come meanwhile wait for
 * it and share its result; in this process its error too, which is never cached. A value whose time is over is given a little longer while it is computed
 * again. `null` is a value like any other. Values are JSON, frozen once and shared.
 */
export class TieredCache {
  readonly #near: NearCache<Near>;
  readonly #counters = new Map<string, LookupCounters>();
  readonly #shared: SharedLevel;
  readonly #flights = new Map<CacheKey, Flight>();
  readonly #policy: CachePolicy;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #endListening: () => void;

  constructor(private readonly props: TieredCacheProps) {
    const { store, clock, timers = systemTimers, random = Math.random, policy = cachePolicy } = props;
    this.#policy = policy;
    this.#timers = timers;
    this.#random = random;
    this.#near = new NearCache(policy.l1);
    this.#shared = new SharedLevel({ ...policy.l2, store, clock, onError: props.onStoreError });
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
      near.count();
      return near.answer as Promise<CacheAnswer<T>>;
    }
    const { tags = [], ttlSeconds = this.#policy.l2.ttlSeconds } = options;
    return this.#lookUp({ key, tags, ttlSeconds, compute, refresh: false }, near) as Promise<CacheAnswer<T>>;
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

  async #lookUp(request: Request, near: Near | undefined): Promise<CacheAnswer<unknown>> {
    const now = this.props.clock();
    const isStale = near !== undefined && near.nearUntil > now && near.expiresAt > now;
    const answer = isStale ? ({ value: near.value, level: 'l1', stale: true } as const) : await this.#join(request);
    if (answer.stale) this.#join({ ...request, refresh: true }).catch(this.props.onRefreshError);
    this.#countersOf(request.key)[answer.level]();
    return answer;
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
    if (what === 'all') this.#near.clear();
    else if ('key' in what) this.#near.delete(what.key);
    else this.#near.deleteTag(what.tag);
    for (const [key, flight] of this.#flights) {
      if (what !== 'all' && 'key' in what && what.key !== key) continue;
      // What a flight finds in the shared level may bear tags that it does not know of.
      flight.dropped = true;
      if (what === 'all' || 'key' in what || flight.tags.includes(what.tag)) this.#flights.delete(key);
    }
  }

  /** Waits for the computation under way, or starts one. */
  #join(request: Request): Promise<CacheAnswer<unknown>> {
    const { key, tags } = request;
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) return underWay.answer;
    const flight: Flight = { tags, dropped: false, answer: NOT_STARTED };
    flight.answer = this.#load(request, flight);
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight.answer;
  }

  async #load(request: Request, flight: Flight): Promise<CacheAnswer<unknown>> {
    const { key, tags, refresh } = request;
    const { lease } = this.#policy;
    const found = await this.#shared.read(key, tags);
    const answer = this.#answerFrom(found, request, flight);
    if (answer !== undefined) return answer;
    const claim = { key, tags, token: randomUUID(), leaseMs: lease.ms };
    for (const waitUntil = this.props.clock() + lease.waitMs; this.props.clock() < waitUntil; ) {
      const claimed = await this.#shared.ask('claim', (store) => store.claim(claim));
      if (claimed === undefined) break;
      const { won, text, stamps } = claimed;
      const entry = text === undefined ? undefined : readCachedValue(text);
      const valid = entry === undefined ? undefined : validOrNone(entry, tags, stamps);
      // Another may have filled it since the first look.
      const filled = this.#answerFrom(valid, { ...request, refresh: refresh || won }, flight);
      if (filled !== undefined) {
        if (won) await this.#shared.ask('release', (store) => store.release(claim));
        return filled;
      }
      if (won) return this.#computeWith(claim, stampsOf(tags, stamps), request, flight);
      await new Promise<void>((resolve) => this.#timers.after(lease.pollMs, resolve));
    }
    const { value, json, lifetime } = await this.#compute(request);
    this.#keepNear(key, { value, stamps: {}, bytes: json.length, ...lifetime }, flight);
    return { value, level: 'source', stale: false };
  }

  /** What the shared level has, if it will do. */
  #answerFrom(
    found: CachedValue | undefined,
    { key, refresh }: Request,
    flight: Flight,
  ): CacheAnswer<unknown> | undefined {
    const now = this.props.clock();
    if (found === undefined || found.expiresAt <= now) return undefined;
    const stale = found.freshUntil <= now;
    if (stale && refresh) return undefined;
    deepFreeze(found.value);
    this.#keepNear(key, found, flight);
    return { value: found.value, level: 'l2', stale };
  }

  /** Computes while holding the claim, and fills the shared level unless it was lost meanwhile. */
  async #computeWith(
    claim: { readonly key: CacheKey; readonly token: string; readonly leaseMs: number },
    stamps: Readonly<Record<string, string>>,
    request: Request,
    flight: Flight,
  ): Promise<CacheAnswer<unknown>> {
    const endRenewal = this.#renew(claim);
    const { value, json, lifetime } = await this.#compute(request)
      .catch(async (error: unknown) => {
        await this.#shared.ask('release', (store) => store.release(claim));
        throw error;
      })
      .finally(endRenewal);
    const entry = { value, stamps, bytes: json.length, ...lifetime };
    const kept = await this.#shared.ask('fill', (store) =>
      store.fill({ ...claim, stamps, text: writeCachedValue(json, entry), ttlMs: this.#leftMs(entry) }),
    );
    if (kept !== false) this.#keepNear(claim.key, entry, flight);
    return { value, level: 'source', stale: false };
  }

  async #compute({ compute, ttlSeconds }: Request) {
    const json = jsonOf(await compute());
    const value: unknown = deepFreeze(JSON.parse(json));
    const lifetime = lifetimeOf(value, ttlSeconds, this.#policy, this.props.clock(), this.#random());
    return { value, json, lifetime };
  }

  /** Says thrice in a lease's time that this process still computes. @returns ends it */
  #renew(claim: { readonly key: CacheKey; readonly token: string; readonly leaseMs: number }): () => void {
    const again = () => {
      cancel = this.#timers.after(claim.leaseMs / 3, () => {
        again();
        void this.#shared.ask('renewal', (store) => store.renew(claim));
      });
    };
    let cancel = () => {};
    again();
    return () => cancel();
  }

  #leftMs({ expiresAt }: Pick<CachedValue, 'expiresAt'>): number | null {
    return Number.isFinite(expiresAt) ? Math.max(1, Math.ceil(expiresAt - this.props.clock())) : null;
  }

  #keepNear(key: CacheKey, value: CachedValue, { dropped }: Flight): void {
    if (dropped) return;
    const nearMs = jittered(this.#policy.l1.ttlSeconds * 1000, this.#policy, this.#random());
    const nearUntil = this.props.clock() + nearMs;
    const { value: kept, freshUntil, expiresAt, stamps, bytes } = value;
    this.#near.set(key, {
      value: kept,
      freshUntil,
      expiresAt,
      stamps,
      bytes,
      nearUntil,
      unquestionedUntil: Math.min(nearUntil, freshUntil),
      answer: Promise.resolve({ value: kept, level: 'l1', stale: false }),
      count: this.#countersOf(key).l1,
    });
  }

  #countersOf(key: CacheKey): LookupCounters {
    const prefix = key.slice(0, key.indexOf(':'));
    let counters = this.#counters.get(prefix);
    if (counters === undefined) {
      counters = this.props.countersOf?.(prefix) ?? NO_COUNTERS;
      this.#counters.set(prefix, counters);
    }
    return counters;
  }
}

const NO_OPTIONS: CacheOptions = {};
const NO_COUNTERS: LookupCounters = { l1: () => {}, l2: () => {}, source: () => {} };
const NOT_STARTED = new Promise<never>(() => undefined);

function stampsOf(tags: readonly string[], stamps: readonly (string | undefined)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map((tag, i) => [tag, stamps[i] ?? '']));
}
