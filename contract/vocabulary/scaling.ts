import { type Counter, type Gauge, type Histogram, holdLabels, type Metric, type MetricUnit } from './metric.js';
import { type Matchers, maxOf, quantileOf, rateOf, type Scope, sumOf, total, whileUp } from './promql.js';

/** Labels that every scrape of a pod carries, by the kit's own relabelling. */
export const POD_LABELS = ['namespace', 'pod'] as const;

/** What a metric of scope `object` describes: a Service by its name, or the namespace that the platform stands in. */
export type DescribedObject = { readonly kind: 'Service'; readonly name: string } | { readonly kind: 'Namespace' };

/** Whose number a scaling metric is. */
export type ScalingScope =
  /** One value for each pod (a Pods metric). */
  | { readonly scope: 'pod' }
  /** One number for all (an External metric). */
  | { readonly scope: 'cluster' }
  /** One number that stands for an object of Kubernetes (an Object metric): all requests to a Service, for one. */
  | { readonly scope: 'object'; readonly object: DescribedObject };

/**
 * A number that an autoscaler may act on. The kit derives from it the recording rule, the adapter rule and the HPA entry, or KEDA's
 * trigger, so an autoscaler on a metric that nothing serves cannot be written.
 */
export type ScalingMetric = ScalingScope & {
  /** Name in the custom or external metrics API. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** The metric that it is computed from. */
  readonly of: Counter | Gauge | Histogram;
  /**
   * Total PromQL expression: 0 without traffic, never NaN, absent only when the target is down.
   * @param matchers labels that the scrape puts on every series of the target, `up` included.
   */
  expression(matchers: Matchers): string;
};

/**
 * What an autoscaler does while a metric has no value, because whoever exposes it is down. `hold`: never fewer replicas, and more only
 * as its other metrics ask. `floor`: as if there were nothing to do, so that its other metrics decide. `ceiling`: towards the most
 * replicas.
 */
export const METRIC_LOSS_ANSWERS = ['hold', 'floor', 'ceiling'] as const;
export type OnMetricLoss = (typeof METRIC_LOSS_ANSWERS)[number];

/** An answer that is a value: the autoscaler acts on it in the lost one's place. */
export type LossSubstitute = Exclude<OnMetricLoss, 'hold'>;

/** Name under which the metrics API serves a metric with such an answer; whoever reads the autoscaler sees what it may stand for. */
export function servedName({ name }: Pick<ScalingMetric, 'name'>, onMetricLoss: OnMetricLoss): string {
  return onMetricLoss === 'hold' ? name : `${name}_or_${onMetricLoss}`;
}

/** PromQL counts seconds of a window in whole ones. */
function holdWindow({ name }: Metric, windowSeconds: number): void {
  if (Number.isInteger(windowSeconds) && windowSeconds > 0) return;
  throw new Error(
    `Metric ${name}: the window ${windowSeconds} must be a whole number of seconds above 0, such as 120.`,
  );
}

/** A histogram's quantile per pod, in the histogram's unit. */
export function podQuantile(of: Histogram, quantile: number, windowSeconds: number): ScalingMetric {
  holdWindow(of, windowSeconds);
  if (!(quantile > 0 && quantile < 1)) {
    throw new Error(`Metric ${of.name}: the quantile ${quantile} is not between 0 and 1; 99 % is 0.99.`);
  }
  return {
    name: `${of.name}_p${Math.round(quantile * 100)}`,
    scope: 'pod',
    unit: of.unit,
    of,
    expression: (matchers) =>
      total(quantileOf(of, quantile, { matchers, by: POD_LABELS, windowSeconds }), { matchers, by: POD_LABELS }),
  };
}

/** A counter's per-second rate per pod. */
export function podRate(of: Counter, windowSeconds: number): ScalingMetric {
  holdWindow(of, windowSeconds);
  return {
    name: `${of.name.replace(/_total$/, '')}_per_second`,
    scope: 'pod',
    unit: of.unit,
    of,
    expression: (matchers) => totalRate(of, { matchers, by: POD_LABELS, windowSeconds }),
  };
}

function totalRate(of: Counter, scope: Scope): string {
  return total(whileUp(rateOf(of, scope), scope), scope);
}

/**
 * One gauge of an exporter, summed over the series that `select` picks into a single number: the length of a queue is the
 * broker's, not each pod's. Read by every pod as a Pods metric it runs away (a steady backlog of 50 gives 3, 8, 16, 50
 * replicas); divided by the pods as an External metric with AverageValue it settles.
 * @throws if `select` is about a label that the gauge has not
 */
export function clusterSum(name: string, of: Gauge, select: Matchers = {}): ScalingMetric {
  return clusterNumber(name, of, select, sumOf);
}

/** The largest of the series of a gauge that `select` picks: what several replicas tell of one thing, each as far as it knows. */
export function clusterMax(name: string, of: Gauge, select: Matchers = {}): ScalingMetric {
  return clusterNumber(name, of, select, maxOf);
}

function clusterNumber(name: string, of: Gauge, select: Matchers, merge: typeof sumOf): ScalingMetric {
  holdLabels(of, Object.keys(select));
  const by = ['namespace'];
  return {
    name,
    scope: 'cluster',
    unit: of.unit,
    of,
    expression: (matchers) => total(merge(of, { matchers: { ...matchers, ...select }, by }), { matchers, by }),
  };
}

/**
 * One gauge that every replica of a process tells alike, for each asks the same somebody, summed over what `each` tells apart: the length of
 * queues, by name, of a broker that nobody scrapes. A replica that has no answer shows none, so that the number is lost, and not 0, when none has.
 */
export function sharedSum<L extends string>(
  name: string,
  of: Gauge<L>,
  each: readonly L[],
  select: Matchers = {},
): ScalingMetric {
  holdLabels(of, Object.keys(select));
  return {
    name,
    scope: 'cluster',
    unit: of.unit,
    of,
    expression: (matchers) =>
      `sum by (namespace) (${maxOf(of, { matchers: { ...matchers, ...select }, by: ['namespace', ...each] })})`,
  };
}

/** A counter's per-second rate over all pods of one service, as a number of its Service: so many requests for each replica. */
export function serviceRate(
  of: Counter,
  service: { readonly name: string },
  windowSeconds: number,
): ScalingMetric & { readonly scope: 'object' } {
  holdWindow(of, windowSeconds);
  const by = ['namespace'];
  return {
    name: `${of.name.replace(/_total$/, '')}_per_second`,
    scope: 'object',
    object: { kind: 'Service', name: service.name },
    unit: of.unit,
    of,
    expression: (matchers) => totalRate(of, { matchers, by, windowSeconds }),
  };
}

/**
 * The same number as {@link clusterSum} gives, as one of the namespace: for a cluster whose external metrics API somebody else serves,
 * for only one server can.
 */
export function namespaceSum(
  name: string,
  of: Gauge,
  select: Matchers = {},
): ScalingMetric & { readonly scope: 'object' } {
  return { ...clusterSum(name, of, select), scope: 'object', object: { kind: 'Namespace' } };
}
