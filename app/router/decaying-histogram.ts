import { fadedTo } from './decaying-count.js';

/** Neighbouring buckets differ by so much, and so does a quantile from the time that was seen, at most. */
const STEP = 1.05;
/** What weighs less is forgotten. */
const LEAST_WEIGHT = 1e-3;

/** Times seen lately, in buckets; each counts half after a half-life (Cormode et al., Forward Decay, 2009). */
export interface DecayingHistogram {
  /** When the weights were these. */
  readonly at: number;
  readonly weights: ReadonlyMap<number, number>;
}

export const EMPTY_HISTOGRAM: DecayingHistogram = { at: 0, weights: new Map() };

/** With one more time in it. */
export function withTime(histogram: DecayingHistogram, ms: number, now: number, halfLifeMs: number): DecayingHistogram {
  const left = fadedTo(histogram.at, now, halfLifeMs);
  const faded = [...histogram.weights].map(([bucket, weight]) => [bucket, weight * left] as const);
  const weights = new Map(faded.filter(([, weight]) => weight >= LEAST_WEIGHT));
  const bucket = Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(STEP));
  return { at: now, weights: weights.set(bucket, (weights.get(bucket) ?? 0) + 1) };
}

/** For how many times seen just now it stands. */
export function weightOf({ at, weights }: DecayingHistogram, now: number, halfLifeMs: number): number {
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  return sum * fadedTo(at, now, halfLifeMs);
}

/** The time that a part of those seen, 0 to 1, did not exceed. @throws {RangeError} of an empty one */
export function quantileMs({ weights }: DecayingHistogram, part: number): number {
  const sorted = [...weights].sort(([a], [b]) => a - b);
  let left = part * sorted.reduce((total, [, weight]) => total + weight, 0);
  for (const [bucket, weight] of sorted) {
    left -= weight;
    if (left <= 1e-9) return STEP ** bucket;
  }
  throw new RangeError('An empty histogram has no quantiles.');
}
