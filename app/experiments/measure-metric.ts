import type { Metric } from './experiment.js';
import type { ExperimentStore, VariantPrior } from './experiment-store.js';
import { type QuantileSample, quantileRanks } from './quantile-difference.js';

/** A metric in one variant, as far as a comparison needs it. */
export interface MeasuredVariant {
  readonly variant: string;
  readonly units: number;
  readonly measuredUnits: number;
  readonly successes: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Of a quantile; undefined where there are too few values to bound it. */
  readonly quantile: QuantileSample | undefined;
  /** Of a mean that is freed of prior values, of those measured units that have one. */
  readonly prior?: Omit<VariantPrior, 'variant'>;
}

type Store = Pick<ExperimentStore, 'totals' | 'priors' | 'valueAt'>;

/** Reads a metric of every variant, in their order; those that nobody was exposed to have nothing. */
export async function measureMetric(
  store: Store,
  experiment: string,
  metric: Metric,
  variants: readonly { readonly name: string }[],
): Promise<readonly MeasuredVariant[]> {
  const totals = await store.totals(experiment, metric.name);
  const priors = metric.kind === 'mean' && metric.prior ? await store.priors(experiment, metric.name) : undefined;
  return Promise.all(
    variants.map(async ({ name: variant }) => {
      const found = totals.find((one) => one.variant === variant) ?? { ...NOTHING, variant };
      const of = { experiment, metric: metric.name, variant };
      const quantile =
        metric.kind === 'quantile' ? await readQuantile(store, of, found.measuredUnits, metric.level) : undefined;
      const prior = priors && { prior: priors.find((one) => one.variant === variant) ?? NO_PRIOR };
      return { ...found, quantile, ...prior };
    }),
  );
}

const NO_PRIOR = { units: 0, sum: 0, sumOfSquares: 0, sumOfProducts: 0, sumAfter: 0 };
const NOTHING = { units: 0, measuredUnits: 0, successes: 0, sum: 0, sumOfSquares: 0 };

async function readQuantile(
  store: Store,
  of: Parameters<Store['valueAt']>[0],
  units: number,
  level: number,
): Promise<QuantileSample | undefined> {
  const ranks = quantileRanks(units, level);
  if (ranks === undefined) return undefined;
  const [low, middle, high] = await Promise.all([
    store.valueAt(of, ranks.low),
    store.valueAt(of, ranks.middle),
    store.valueAt(of, ranks.high),
  ]);
  // A unit may have been forgotten since they were counted.
  return low === undefined || middle === undefined || high === undefined ? undefined : { low, middle, high };
}
