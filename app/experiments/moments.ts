/** Values of units, as far as means and variances need them. */
export interface Moments {
  readonly units: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

export function meanOf({ units, sum }: Moments): number {
  return sum / units;
}

/** Variance of the sample; rounding can leave equal values one a little below 0, which is told as 0. */
export function varianceOf({ units, sum, sumOfSquares }: Moments): number {
  return Math.max(0, (sumOfSquares - sum ** 2 / units) / (units - 1));
}
