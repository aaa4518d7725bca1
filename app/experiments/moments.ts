/** Values of units, as far as means and variances need them. */
export interface Moments {
  readonly units: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

export function meanOf({ units, sum }: Moments): number {
  return sum / units;
}

/** Of the sum of squares: what rounding may make of a spread, by each unit, and below which so much of one may be rounding that it tells nothing. */
const ROUNDING = Number.EPSILON;
const LEAST_SPREAD = 1e-9;

/**
 * Variance of the sample. What rounding leaves of equal values is told as 0. NaN where the values lie so close together, beside how far they are from 0, that
 * their sums do not know it, such as seconds since 1970 that differ by one. Whoever has such values counts them from nearer by.
 */
export function varianceOf({ units, sum, sumOfSquares }: Moments): number {
  const spread = sumOfSquares - sum ** 2 / units;
  if (units > 1 && Math.abs(spread) <= units * ROUNDING * sumOfSquares) return 0;
  return spread < LEAST_SPREAD * sumOfSquares ? Number.NaN : spread / (units - 1);
}
