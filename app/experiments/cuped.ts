import { type Moments, meanOf, varianceOf } from './moments.js';
import { type Estimate, estimateOf } from './welch.js';

/** What was measured of some units, and a value known of some of them before they were exposed. */
export interface PartlyPaired {
  readonly after: Moments;
  readonly prior: Moments & {
    readonly sumOfProducts: number;
    /** Of these units' values after. */
    readonly sumAfter: number;
  };
}

/**
 * Gives units of which nothing is known from before the mean of all that are known of. That too is settled before the exposure, so it
 * favours no variant; it tells nothing of those units, and takes nothing from what is known of the others.
 */
export function imputePriors(variants: readonly PartlyPaired[]): readonly Paired[] {
  const known = variants.map(({ prior }) => prior).reduce(addMoments, { units: 0, sum: 0, sumOfSquares: 0 });
  const mean = known.units > 0 ? meanOf(known) : 0;
  return variants.map(({ after, prior }) => {
    const missing = after.units - prior.units;
    const imputed = { units: missing, sum: missing * mean, sumOfSquares: missing * mean ** 2 };
    return {
      after,
      before: addMoments(prior, imputed),
      sumOfProducts: prior.sumOfProducts + mean * (after.sum - prior.sumAfter),
    };
  });
}

/** Units with what was measured of them, and a value known of each before it could have been exposed. */
export interface Paired {
  readonly after: Moments;
  readonly before: Moments;
  readonly sumOfProducts: number;
}

/**
 * Means freed from what was known before: Deng, Xu, Kohavi, Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data",
 * WSDM 2013. One slope for all variants, from all of their units, so that it cannot favour one; the variance falls by the squared correlation.
 *
 * @returns for each variant, its mean at a prior value equal to the mean of all
 */
export function adjustByPrior(variants: readonly Paired[]): readonly Estimate[] {
  const all = variants.reduce(add);
  const spread = varianceOf(all.before);
  if (!(spread > 0)) return variants.map(({ after }) => estimateOf(after));
  const slope = covarianceOf(all) / spread;
  const common = meanOf(all.before);
  return variants.map((variant) => ({
    units: variant.after.units,
    mean: meanOf(variant.after) - slope * (meanOf(variant.before) - common),
    variance: Math.max(
      0,
      varianceOf(variant.after) + slope ** 2 * varianceOf(variant.before) - 2 * slope * covarianceOf(variant),
    ),
  }));
}

function covarianceOf({ after, before, sumOfProducts }: Paired): number {
  return (sumOfProducts - (after.sum * before.sum) / after.units) / (after.units - 1);
}

function add(one: Paired, other: Paired): Paired {
  return {
    after: addMoments(one.after, other.after),
    before: addMoments(one.before, other.before),
    sumOfProducts: one.sumOfProducts + other.sumOfProducts,
  };
}

function addMoments(one: Moments, other: Moments): Moments {
  return {
    units: one.units + other.units,
    sum: one.sum + other.sum,
    sumOfSquares: one.sumOfSquares + other.sumOfSquares,
  };
}
