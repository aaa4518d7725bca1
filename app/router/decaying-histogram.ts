import { fadedTo } from './decaying-count.js';

/** Neighbouring buckets differ by so much, and so does a quantile from the time that was seen, at most. */
const STEP = 1.05;
/** What weighs less is forgotten. */
const LEAST_WEIGHT = 1e-3;

/** Times seen lately, in buckets; each counts half after a half-life (Cormode et al., Forward Decay, 2009). */
export interface DecayingHistogram {
  /** When the weights were these. */
  readonly at: number;
  /** By bucket, as far as any has one. */
  readonly weights: readonly number[];
  /** Their sum. */
  readonly total: number;
}

export const EMPTY_HISTOGRAM: DecayingHistogram = { at: 0, weights: [], total: 0 };

/** With one more time in it. */
export function withTime(histogram: DecayingHistogram, ms: number, now: number, halfLifeMs: number): DecayingHistogram {
  const left = fadedTo(histogram.at, now, halfLifeMs);
  const bucket = Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(STEP));
  const length = Math.max(histogram.weights.length, bucket + 1);
  const weights: number[] = [];
  let total = 0;
  for (let i = 0; i < length; i += 1) {
    const faded = (histogram.weights[i] ?? 0) * left;
    const weight = (faded < LEAST_WEIGHT ? 0 : faded) + (i === bucket ? 1 : 0);
    weights.push(weight);
    total += weight;
  }
  return { at: now, weights, total };
}

/** For how many times seen just now it stands. */
export function weightOf({ at, total }: DecayingHistogram, now: number, halfLifeMs: number): number {
  return total * fadedTo(at, now, halfLifeMs);
}

/** The time that a part of those seen, 0 to 1, did not exceed. @throws {RangeError} of an empty one */
export function quantileMs({ weights, total }: DecayingHistogram, part: number): number {
  let left = part * total;
  for (let bucket = 0; bucket < weights.length; bucket += 1) {
    const weight = weights[bucket] ?? 0;
    left -= weight;
    if (weight > 0 && left <= 1e-9) return STEP ** bucket;
  }
  throw new RangeError('An empty histogram has no quantiles.');
}
