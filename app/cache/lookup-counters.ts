import type { CacheLevel } from './cache-answer.js';
import type { CacheKey } from './cache-key.js';

/** Counts a look-up that a level has answered. */
export type LookupCounters = Readonly<Record<CacheLevel, () => void>>;

const NO_COUNTERS: LookupCounters = { l1: () => {}, l2: () => {}, source: () => {} };

/** The counters of each prefix of keys, made when the first key with it comes. */
export class CountersByPrefix {
  readonly #made = new Map<string, LookupCounters>();

  /** @param make @default nothing counts */
  constructor(private readonly make: ((prefix: string) => LookupCounters) | undefined) {}

  of(key: CacheKey): LookupCounters {
    const prefix = key.slice(0, key.indexOf(':'));
    let counters = this.#made.get(prefix);
    if (counters === undefined) {
      counters = this.make?.(prefix) ?? NO_COUNTERS;
      this.#made.set(prefix, counters);
    }
    return counters;
  }
}
