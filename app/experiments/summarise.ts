import type { Experiment } from './experiment.js';
import type { VariantTotals } from './experiment-store.js';
import { varianceOf } from './moments.js';

/** What is known of a metric in one variant. It says nothing yet about whether variants differ. */
export interface VariantSummary {
  readonly variant: string;
  /** Units exposed. */
  readonly units: number;
  /** Units with a value of the metric: what the mean is of. */
  readonly measuredUnits: number;
  /** Mean over units; `null` without a measured unit. */
  readonly mean: number | null;
  /** Standard error of the mean, from the sample variance over units; `null` where that is not known, as of one unit. */
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
  const variance = varianceOf({ units: measuredUnits, sum, sumOfSquares });
  return {
    variant,
    units,
    measuredUnits,
    mean: measuredUnits > 0 ? sum / measuredUnits : null,
    standardError: Number.isNaN(variance) ? null : Math.sqrt(variance / measuredUnits),
  };
}
