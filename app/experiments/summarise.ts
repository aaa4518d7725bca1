import type { Experiment } from './experiment.js';
import type { VariantTotals } from './experiment-store.js';

/** What is known of a metric in one variant. It says nothing yet about whether variants differ. */
export interface VariantSummary {
  readonly variant: string;
  /** Units exposed. */
  readonly units: number;
  /** Units with a value of the metric: what the mean is of. */
  readonly measuredUnits: number;
  /** Mean over units; `null` without a measured unit. */
  readonly mean: number | null;
  /** Standard error of the mean, from the sample variance over units; `null` below two measured units. */
  readonly standardError: number | null;
}

/** Summaries of every variant in the experiment's order, those that nobody has seen included. */
export function summarise(experiment: Experiment, totals: readonly VariantTotals[]): readonly VariantSummary[] {
  return experiment.variants.map(({ name }) => {
    const found = totals.find(({ variant }) => variant === name);
    return summary(found ?? { variant: name, units: 0, measuredUnits: 0, successes: 0, sum: 0, sumOfSquares: 0 });
  });
}

function summary({ variant, units, measuredUnits, sum, sumOfSquares }: VariantTotals): VariantSummary {
  const mean = measuredUnits > 0 ? sum / measuredUnits : null;
  // Rounding can leave equal values a variance a little below 0.
  const variance = Math.max(0, (sumOfSquares - (sum * sum) / measuredUnits) / (measuredUnits - 1));
  return {
    variant,
    units,
    measuredUnits,
    mean,
    standardError: measuredUnits > 1 ? Math.sqrt(variance / measuredUnits) : null,
  };
}
