import type { CacheKey } from './cache-key.js';
import type { Invalidation } from './cache-store.js';

/** A look-up under way. */
export interface Flight {
  readonly tags: readonly string[];
  /** Something was invalidated meanwhile: the result may be out of date and must not be kept near. */
  dropped: boolean;
}

interface Flying<T> extends Flight {
  result: Promise<T>;
}

/** Look-ups under way in this process: one for each key, which all wait for who want it. */
export class Flights<T> {
  readonly #underWay = new Map<CacheKey, Flying<T>>();

  /** Waits for the one under way, or starts one, which lands when it is over. */
  join(key: CacheKey, tags: readonly string[], start: (flight: Flight) => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay.result;
    const flight: Flying<T> = { tags, dropped: false, result: NOT_STARTED };
    this.#underWay.set(key, flight);
    flight.result = start(flight);
    return flight.result;
  }

  land(key: CacheKey, flight: Flight): void {
    if (this.#underWay.get(key) === flight) this.#underWay.delete(key);
  }

  /** Who comes from now on starts another; those who wait still get what they waited for. */
  drop(what: Invalidation): void {
    for (const [key, flight] of this.#underWay) {
      if (what !== 'all' && 'key' in what && what.key !== key) continue;
      // What a flight finds in the shared level may bear tags that it does not know of.
      flight.dropped = true;
      if (what === 'all' || 'key' in what || flight.tags.includes(what.tag)) this.#underWay.delete(key);
    }
  }
}

const NOT_STARTED = new Promise<never>(() => undefined);
