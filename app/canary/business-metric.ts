import type { Tally } from './proportion-evidence.js';

/** A mean over the canary's answers, such as their cost or their score, that may not get worse than a limit. */
export interface BusinessMetric {
  /** Counter of the values of all answers, summed. */
  readonly values: string;
  /** Counter of the answers that have a value. */
  readonly answers: string;
  /** Label of both that names the release. @default none: each pod's are of its own release */
  readonly releaseLabel?: string | undefined;
  /** Whether more of it is worse, as of a cost, or less, as of a score. */
  readonly harm: 'increase' | 'decrease';
  /** The mean may be no worse than this. */
  readonly limit: number;
  /** No single value is above this, and none below 0. */
  readonly largest: number;
}

/**
 * Answers as trials, each a hit by the part that its value has of the worst there can be. The logarithm of a bet's gain is concave in the
 * value, so a value gains at least what its parts of a hit and of a miss do: the evidence of a proportion is one of a bounded mean too, with the
 * same error, and the more cautious the further the values lie from both ends (Waudby-Smith and Ramdas, JRSS B 86 (2024), 1-27, section 4).
 */
export function businessTally(answers: number, total: number, { harm, largest }: BusinessMetric): Tally {
  const high = Math.min(answers, total / largest);
  return { trials: answers, hits: harm === 'increase' ? high : answers - high };
}

/** The share of hits that a mean makes, and the other way round. */
export function shareOfMean(mean: number, { harm, largest }: BusinessMetric): number {
  return harm === 'increase' ? mean / largest : 1 - mean / largest;
}

export function meanOfShare(share: number, { harm, largest }: BusinessMetric): number {
  return largest * (harm === 'increase' ? share : 1 - share);
}
