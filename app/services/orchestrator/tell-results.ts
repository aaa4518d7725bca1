import type { ExperimentResults } from '../../../contract/index.js';
import { breaches, type Comparison, compareVariants, estimated } from '../../experiments/compare-variants.js';
import type { Difference } from '../../experiments/difference.js';
import type { Experiment, Metric } from '../../experiments/experiment.js';
import type { ExperimentStore } from '../../experiments/experiment-store.js';
import { lastSplitChange } from '../../experiments/last-split-change.js';
import { measureMetric } from '../../experiments/measure-metric.js';
import { checkSampleRatio, SAMPLE_RATIO_ALPHA } from '../../experiments/sample-ratio.js';

/** What is known of an experiment by now. */
export async function tellResults(store: ExperimentStore, experiment: Experiment): Promise<ExperimentResults> {
  const { name, unit, alpha, variants } = experiment;
  const exposed = await store.exposedUnits(name, lastSplitChange(await store.changes(name)));
  const { pValue } = checkSampleRatio(
    variants.map((variant) => exposed.get(variant.name) ?? 0),
    variants.map(({ share }) => share),
  );
  return {
    experiment: name,
    unit,
    alpha,
    sample_ratio: { p_value: pValue, warning: pValue < SAMPLE_RATIO_ALPHA },
    metrics: await Promise.all(
      experiment.metrics.map(async (metric) => (await resultOf(store, experiment, metric)).told),
    ),
    guardrails: await Promise.all(
      experiment.guardrails.map(async (guardrail) => {
        const { told, comparisons } = await resultOf(store, experiment, guardrail.metric);
        const breached = comparisons.filter((comparison) => breaches(guardrail, comparison));
        return {
          ...told,
          harm: guardrail.harm,
          tolerated: guardrail.tolerated,
          breached_by: breached.map(({ variant }) => variant),
        };
      }),
    ),
  };
}

async function resultOf(store: ExperimentStore, experiment: Experiment, metric: Metric) {
  const measured = await measureMetric(store, experiment.name, metric, experiment.variants);
  const comparisons = compareVariants(metric, measured, experiment);
  const told = {
    metric: metric.name,
    kind: metric.kind,
    ...(metric.kind === 'quantile' ? { level: metric.level } : {}),
    variants: measured.map((one) => ({
      variant: one.variant,
      units: one.units,
      measured_units: one.measuredUnits,
      ...(one.prior && { prior_units: one.prior.units }),
      value: estimated(metric, one) ?? null,
    })),
    comparisons: comparisons.map(tell),
  };
  return { told, comparisons };
}

function tell({ variant, fixedHorizon, alwaysValid, differs }: Comparison) {
  return {
    variant,
    difference: finite(fixedHorizon.estimate),
    always_valid: ends(alwaysValid),
    fixed_horizon: ends(fixedHorizon),
    differs,
  };
}

function ends({ pValue, interval: { low, high } }: Difference) {
  return { p_value: pValue, low: finite(low), high: finite(high) };
}

/** JSON knows neither infinity nor what is not a number. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
