import { type Difference, twoSidedP, twoSidedZ, UNBOUNDED } from './difference.js';

/** Units, and those of them that did what is counted. */
export interface Proportion {
  readonly units: number;
  readonly successes: number;
}

/**
 * Difference of two proportions. The p-value is that of the pooled z-test, which is Pearson's chi-squared test of the 2 x 2 table without correction
 * (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., section 3.3). The interval is Newcombe's hybrid of two Wilson
 * intervals, which keeps its level where proportions are near 0 or 1 and Wald's does not (Statistics in Medicine 17 (1998), 873-890, method 10).
 * One asks another question than the other: beside the bound of significance they may differ.
 */
export function compareProportions(control: Proportion, treatment: Proportion, alpha: number): Difference {
  if (control.units === 0 || treatment.units === 0) {
    return { estimate: Number.NaN, standardError: Number.NaN, pValue: 1, interval: UNBOUNDED };
  }
  const [p, q] = [control.successes / control.units, treatment.successes / treatment.units];
  const pooled = (control.successes + treatment.successes) / (control.units + treatment.units);
  const pooledError = Math.sqrt(pooled * (1 - pooled) * (1 / control.units + 1 / treatment.units));
  const z = twoSidedZ(alpha);
  const [one, other] = [wilson(control, z), wilson(treatment, z)];
  return {
    estimate: q - p,
    standardError: Math.sqrt((p * (1 - p)) / control.units + (q * (1 - q)) / treatment.units),
    pValue: pooledError === 0 ? 1 : twoSidedP((q - p) / pooledError),
    interval: {
      low: q - p - Math.hypot(q - other.low, one.high - p),
      high: q - p + Math.hypot(other.high - q, p - one.low),
    },
  };
}

/** Wilson's score interval of one proportion: J. Amer. Statist. Assoc. 22 (1927), 209-212. */
function wilson({ units, successes }: Proportion, z: number) {
  const share = successes / units;
  const middle = (share + z ** 2 / (2 * units)) / (1 + z ** 2 / units);
  const half = (z * Math.sqrt((share * (1 - share)) / units + z ** 2 / (4 * units ** 2))) / (1 + z ** 2 / units);
  return { low: middle - half, high: middle + half };
}
