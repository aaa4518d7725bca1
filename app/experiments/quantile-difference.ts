import { around, type Difference, twoSidedP, twoSidedZ, UNBOUNDED } from './difference.js';

/** Ranks, from 1, of the values that estimate a quantile and bound it. */
export interface QuantileRanks {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** The values at these ranks. */
export interface QuantileSample {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Confidence at which the ranks bound the quantile, from whose distance its standard error is told. */
const RANKS_ALPHA = 0.05;

/**
 * Which of `units` ordered values estimate the quantile at `level` and bound it. Undefined where the bounds lie beyond the sample: there are too few values.
 * Woodruff, "Confidence intervals for medians and other position measures", J. Amer. Statist. Assoc. 47 (1952), 635-646.
 */
export function quantileRanks(units: number, level: number): QuantileRanks | undefined {
  const half = twoSidedZ(RANKS_ALPHA) * Math.sqrt((level * (1 - level)) / units);
  const rank = (share: number) => Math.ceil(units * share);
  if (level - half <= 0 || level + half > 1) return undefined;
  return { low: rank(level - half), middle: rank(level), high: rank(level + half) };
}

/**
 * Difference of two quantiles of independent units. A quantile of a sample is asymptotically normal (Bahadur, Ann. Math. Statist. 37 (1966), 577-580),
 * and its standard error is the width of Woodruff's interval over that of a standard normal. Where values repeat much the width may be 0: nothing is
 * said then.
 */
export function compareQuantiles(
  control: QuantileSample | undefined,
  treatment: QuantileSample | undefined,
  alpha: number,
): Difference {
  if (control === undefined || treatment === undefined) {
    return { estimate: Number.NaN, standardError: Number.NaN, pValue: 1, interval: UNBOUNDED };
  }
  const errorOf = ({ low, high }: QuantileSample) => (high - low) / (2 * twoSidedZ(RANKS_ALPHA));
  const estimate = treatment.middle - control.middle;
  const standardError = Math.hypot(errorOf(control), errorOf(treatment));
  if (standardError === 0) return { estimate, standardError, pValue: 1, interval: UNBOUNDED };
  return {
    estimate,
    standardError,
    pValue: twoSidedP(estimate / standardError),
    interval: around(estimate, twoSidedZ(alpha) * standardError),
  };
}
