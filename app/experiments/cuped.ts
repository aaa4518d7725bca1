import { type Moments, meanOf, varianceOf } from './moments.js';
import type { Estimate } from './welch.js';

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
  const slope = spread > 0 ? covarianceOf(all) / spread : 0;
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
