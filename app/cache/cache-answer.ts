export const CACHE_LEVELS = ['l1', 'l2', 'source'] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** A value and the level that had it. Who waited for another's computation in this process got it from the source too. */
export interface CacheAnswer<T> {
  readonly value: T;
  readonly level: CacheLevel;
  /** Its time is over, and it is being computed again. */
  readonly stale: boolean;
}
