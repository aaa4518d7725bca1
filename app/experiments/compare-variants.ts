import { alwaysValid } from './always-valid.js';
import { adjustByPrior, imputePriors } from './cuped.js';
import type { Difference } from './difference.js';
import type { Experiment, Guardrail, Metric } from './experiment.js';
import { correctByHolm } from './holm.js';
import type { MeasuredVariant } from './measure-metric.js';
import { compareQuantiles } from './quantile-difference.js';
import { compareProportions } from './two-proportions.js';
import { compareMeans, type Estimate, estimateOf } from './welch.js';

/** A treatment beside the control, in one metric. */
export interface Comparison {
  readonly variant: string;
  /** Counts if it is looked at once, when the planned units are there. */
  readonly fixedHorizon: Difference;
  /** Counts at any look. */
  readonly alwaysValid: Difference;
  /** Whether the always-valid result tells them apart. */
  readonly differs: boolean;
}

type Rules = Pick<Experiment, 'alpha' | 'plannedUnits'>;

/**
 * Compares every treatment with the control, which is the first of `variants`. With several treatments p-values are Holm's, and
 * intervals are as wide as hold for all of them together (Bonferroni): an interval may reach 0 where the p-value is below alpha.
 */
export function compareVariants(
  metric: Metric,
  variants: readonly MeasuredVariant[],
  { alpha, plannedUnits }: Rules,
): readonly Comparison[] {
  const [control, ...treatments] = withMeans(variants);
  if (control === undefined) return [];
  const each = alpha / Math.max(1, treatments.length);
  const fixed = treatments.map((treatment) => difference(metric, control, treatment, each));
  const valid = fixed.map((one, i) => {
    const units = countOf(metric, control) + countOf(metric, treatments[i] ?? control);
    return alwaysValid({ ...one, units }, each, plannedUnits);
  });
  const fixedP = correctByHolm(fixed.map(({ pValue }) => pValue));
  const validP = correctByHolm(valid.map(({ pValue }) => pValue));
  return treatments.map(({ variant }, i) => ({
    variant,
    fixedHorizon: { ...(fixed[i] as Difference), pValue: fixedP[i] ?? 1 },
    alwaysValid: { ...(valid[i] as Difference), pValue: validP[i] ?? 1 },
    differs: (validP[i] ?? 1) < alpha,
  }));
}

/** Whether a treatment does harm beyond what is tolerated: its whole always-valid interval lies there. */
export function breaches({ harm, tolerated }: Guardrail, { alwaysValid: { interval } }: Comparison): boolean {
  return harm === 'increase' ? interval.low > tolerated : interval.high < -tolerated;
}

/** The metric itself in one variant; undefined where nothing has been measured yet. */
export function estimated(metric: Metric, variant: MeasuredVariant): number | undefined {
  if (metric.kind === 'quantile') return variant.quantile?.middle;
  const count = countOf(metric, variant);
  if (count === 0) return undefined;
  return (metric.kind === 'proportion' ? variant.successes : variant.sum) / count;
}

function countOf({ kind }: Metric, { units, measuredUnits }: MeasuredVariant): number {
  return kind === 'proportion' ? units : measuredUnits;
}

function difference(metric: Metric, control: Estimated, treatment: Estimated, alpha: number): Difference {
  switch (metric.kind) {
    case 'proportion':
      return compareProportions(control, treatment, alpha);
    case 'mean':
      return compareMeans(control.mean, treatment.mean, alpha);
    case 'quantile':
      return compareQuantiles(control.quantile, treatment.quantile, alpha);
  }
}

/** A variant with its mean, freed of prior values where the metric asks for that. */
type Estimated = MeasuredVariant & { readonly mean: Estimate };

function withMeans(variants: readonly MeasuredVariant[]): readonly Estimated[] {
  const paired = variants.flatMap((one) => (one.prior ? [{ after: moments(one), prior: one.prior }] : []));
  const freed = paired.length === variants.length && paired.length > 0 ? adjustByPrior(imputePriors(paired)) : [];
  return variants.map((one, i) => ({ ...one, mean: freed[i] ?? estimateOf(moments(one)) }));
}

function moments({ measuredUnits: units, sum, sumOfSquares }: MeasuredVariant) {
  return { units, sum, sumOfSquares };
}
