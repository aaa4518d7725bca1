import { wilsonInterval } from './wilson-interval.js';

/** A labelled pair as a threshold sees it. */
export interface PairAtThreshold {
  readonly same: boolean;
  readonly cosine: number;
  /** Whether an answer may be reused at all. */
  readonly passes: boolean;
}

/** What a threshold does to the pairs. */
export interface Operation {
  /** An answer is reused from this cosine on. */
  readonly minCosine: number;
  /** Pairs that differ and are taken for the same. */
  readonly falseHits: number;
  /** Pairs that are the same and are taken for it. */
  readonly hits: number;
}

export interface Calibration {
  readonly differing: number;
  readonly same: number;
  /** Every threshold that makes a difference, the highest first. */
  readonly operations: readonly Operation[];
  /** The one with the most hits within the bound; `undefined` if even no false hit at all would be too few pairs to show it. */
  readonly chosen: Operation | undefined;
}

/**
 * The lowest threshold whose false hits are shown to be within a bound: the upper end of Wilson's 95 % interval over all pairs that differ.
 * @param maxFalseHitRatio 0 to 1
 */
export function calibrate(pairs: readonly PairAtThreshold[], maxFalseHitRatio: number): Calibration {
  const differing = pairs.filter(({ same }) => !same).length;
  const reusable = pairs.filter(({ passes }) => passes).sort((a, b) => b.cosine - a.cosine);
  const operations: Operation[] = [];
  let [falseHits, hits] = [0, 0];
  for (const [i, { same, cosine }] of reusable.entries()) {
    if (same) hits += 1;
    else falseHits += 1;
    // Pairs of one cosine are on one side of any threshold.
    if (reusable[i + 1]?.cosine !== cosine) operations.push({ minCosine: cosine, falseHits, hits });
  }
  const within = operations.filter((at) => wilsonInterval(at.falseHits, differing).upper <= maxFalseHitRatio);
  return { differing, same: pairs.length - differing, operations, chosen: within.at(-1) };
}

/** Pairs that differ which it takes to show a bound with no false hit among them. */
export function pairsToShow(maxFalseHitRatio: number): number {
  let pairs = 1;
  while (wilsonInterval(0, pairs).upper > maxFalseHitRatio) pairs += 1;
  return pairs;
}
