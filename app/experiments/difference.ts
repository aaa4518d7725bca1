import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a method says of treatment minus control. */
export interface Difference {
  readonly estimate: number;
  readonly standardError: number;
  /** Two-sided; 1 where nothing can be said. */
  readonly pValue: number;
  /** Of confidence 1 - alpha; unbounded where nothing can be said. */
  readonly interval: Interval;
}

export const UNBOUNDED: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The value that a standard normal lies beyond, to either side, with chance `alpha`. */
export function twoSidedZ(alpha: number): number {
  return normalQuantile(1 - alpha / 2, 0, 1);
}

/** The chance that a standard normal is at least as far from 0 as `z`. */
export function twoSidedP(z: number): number {
  return 2 * normalCdf(-Math.abs(z), 0, 1);
}

export function around(middle: number, halfWidth: number): Interval {
  return { low: middle - halfWidth, high: middle + halfWidth };
}
