import { randomUUID } from 'node:crypto';
import { SharedDeadline } from '../resilience/shared-deadline.js';
import type { Clock } from '../runtime/clock.js';
import type { CacheStore, Invalidation } from './cache-store.js';
import { type CachedValue, readCachedValue } from './cached-value.js';

export interface SharedLevelProps {
  readonly store: CacheStore;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** After a failure the store is left alone for so long. */
  readonly restMs: number;
  readonly onError: (error: unknown) => void;
}

const NOTHING = Promise.resolve(undefined);

/** Beyond that it is simpler to forget everything. */
const MOST_OWED = 10_000;

/**
 * The shared level as its users see it: it never fails. A store that fails or is too slow has nothing, and is left alone for a while. An
 * invalidation that it could not take is owed: before anything else is read from it or written to it, it is told.
 */
export class SharedLevel {
  readonly id = randomUUID();
  #restsUntil = Number.NEGATIVE_INFINITY;
  /** Each an object of its own: of two that say the same, the later one is still owed when the first was told. */
  #owed: readonly { readonly what: Invalidation }[] = [];
  #settling: Promise<void> | undefined;

  readonly #deadline: SharedDeadline;

  constructor(private readonly props: SharedLevelProps) {
    this.#deadline = new SharedDeadline('The shared cache', props.timeoutMs);
  }

  /** @returns `undefined` if the store failed, was too slow, or rests */
  ask<T>(ask: (store: CacheStore) => Promise<T>): Promise<T | undefined> {
    const { store, clock, restMs, onError } = this.props;
    if (clock() < this.#restsUntil) return NOTHING;
    const asked = this.#owed.length > 0 ? this.#settle().then(() => ask(store)) : ask(store);
    return new Promise((resolve) => {
      const fail = (error: unknown) => {
        this.#restsUntil = clock() + restMs;
        onError(error);
        resolve(undefined);
      };
      const wait = this.#deadline.begin(fail);
      asked.then(
        (result) => {
          this.#deadline.end(wait);
          resolve(result);
        },
        (error: unknown) => {
          if (this.#deadline.end(wait)) fail(error); // What fails late has been told.
        },
      );
    });
  }

  /** The entry under a key, if it is valid. */
  read(key: string, tags: readonly string[]): Promise<CachedValue | undefined> {
    return this.ask(async (store) => {
      const { text, stamps } = await store.get(key, tags);
      const found = text === undefined ? undefined : readCachedValue(text);
      if (found === undefined) return undefined;
      const borne = Object.keys(found.stamps);
      if (borne.length === 0) return found;
      if (borne.every((tag) => tags.includes(tag))) return validOrNone(found, tags, stamps);
      return validOrNone(found, borne, (await store.get(key, borne)).stamps);
    });
  }

  /** @returns once the store was told, or has failed: it is then told when it is back */
  async invalidate(what: Invalidation): Promise<void> {
    this.#owed = what === 'all' || this.#owed.length >= MOST_OWED ? [{ what: 'all' }] : [...this.#owed, { what }];
    await this.ask(async () => undefined);
  }

  /** The store is there again. */
  async wake(): Promise<void> {
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    if (this.#owed.length > 0) await this.ask(async () => undefined);
  }

  /**
   * Tells what is owed, in its order; those that come meanwhile wait for it, each for its own time. The store has what time it needs for each:
   * to forget everything is to look at every key, and begun anew after `timeoutMs` it would never be done.
   */
  #settle(): Promise<void> {
    this.#settling ??= (async () => {
      for (let [next] = this.#owed; next !== undefined; [next] = this.#owed) {
        const told = next;
        await this.props.store.invalidate(told.what, this.id);
        this.#owed = this.#owed.filter((other) => other !== told);
      }
    })().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }
}

/** An entry is valid as long as each of its tags has the stamp that it had when the computation began. */
export function validOrNone(
  found: CachedValue,
  tags: readonly string[],
  stamps: readonly (string | undefined)[],
): CachedValue | undefined {
  const present = new Map(tags.map((tag, i) => [tag, stamps[i]]));
  return Object.entries(found.stamps).every(([tag, stamp]) => present.get(tag) === stamp) ? found : undefined;
}
