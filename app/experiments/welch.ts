import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { around, type Difference, UNBOUNDED } from './difference.js';
import { type Moments, meanOf, varianceOf } from './moments.js';

/** A mean as it was estimated: of raw values, or of values adjusted by what was known before (CUPED). */
export interface Estimate {
  readonly units: number;
  readonly mean: number;
  readonly variance: number;
}

export function estimateOf(moments: Moments): Estimate {
  return { units: moments.units, mean: meanOf(moments), variance: varianceOf(moments) };
}

/**
 * Difference of two means whose variances may differ: Welch, Biometrika 34 (1947), 28-35, with Satterthwaite's degrees of freedom (Biometrics Bulletin 2
 * (1946), 110-114). It rests on the central limit theorem: heavy tails want hundreds of units.
 */
export function compareMeans(control: Estimate, treatment: Estimate, alpha: number): Difference {
  const estimate = treatment.mean - control.mean;
  const [a, b] = [control.variance / control.units, treatment.variance / treatment.units];
  const standardError = Math.sqrt(a + b);
  if (control.units < 2 || treatment.units < 2 || !(standardError > 0)) {
    return { estimate, standardError, pValue: 1, interval: UNBOUNDED };
  }
  const freedom = (a + b) ** 2 / (a ** 2 / (control.units - 1) + b ** 2 / (treatment.units - 1));
  return {
    estimate,
    standardError,
    pValue: 2 * tCdf(-Math.abs(estimate) / standardError, freedom),
    interval: around(estimate, tQuantile(1 - alpha / 2, freedom) * standardError),
  };
}
