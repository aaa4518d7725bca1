import chiSquaredCdf from '@stdlib/stats-base-dists-chisquare-cdf';

/** Below it the split is called wrong; so small because it is looked at again and again. */
export const SAMPLE_RATIO_ALPHA = 0.0005;

export interface SampleRatioCheck {
  readonly chiSquared: number;
  /** Of the split being as defined. */
  readonly pValue: number;
}

/**
 * Pearson's chi-squared test of whether units came in the defined shares. When they did not, something drops units of one variant and not of another, and no
 * other result counts (Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019, who warn below p = 0.0005).
 *
 * @param shares of each variant, in the order of `units`; they add up to 1
 */
export function checkSampleRatio(units: readonly number[], shares: readonly number[]): SampleRatioCheck {
  const total = units.reduce((sum, count) => sum + count, 0);
  const taken = units.map((count, i) => ({ count, share: shares[i] ?? 0 }));
  if (total > 0 && taken.some(({ count, share }) => share === 0 && count > 0)) {
    return { chiSquared: Number.POSITIVE_INFINITY, pValue: 0 };
  }
  const drawn = taken.filter(({ share }) => share > 0);
  if (total === 0 || drawn.length < 2) return { chiSquared: 0, pValue: 1 };
  const chiSquared = drawn.reduce((sum, { count, share }) => sum + (count - total * share) ** 2 / (total * share), 0);
  return { chiSquared, pValue: 1 - chiSquaredCdf(chiSquared, drawn.length - 1) };
}
