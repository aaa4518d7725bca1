import type { Counter, Gauge, Histogram, MetricUnit } from './metric.js';
import { type Matchers, quantileOf, rateOf, sumOf, total } from './promql.js';

/** Labels that every scrape of a pod carries, by the kit's own relabelling. */
export const POD_LABELS = ['namespace', 'pod'] as const;

/**
 * A number that an autoscaler may act on. The kit derives from it the recording rule, the adapter rule and the HPA entry, so
 * an HPA on a metric that nothing serves cannot be written.
 */
export interface ScalingMetric {
  /** Name in the custom or external metrics API. */
  readonly name: string;
  /** `pod`: one value for each pod (a Pods metric). `cluster`: one number for all (an External metric). */
  readonly scope: 'pod' | 'cluster';
  readonly unit: MetricUnit;
  /** The metric that it is computed from. */
  readonly of: Counter | Gauge | Histogram;
  /**
   * Total PromQL expression: 0 without traffic, never NaN, absent only when the target is down.
   * @param matchers labels that the scrape puts on every series of the target, `up` included.
   */
  expression(matchers: Matchers): string;
}

/** A histogram's quantile per pod, in the histogram's unit. */
export function podQuantile(of: Histogram, quantile: number, windowSeconds: number): ScalingMetric {
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
  return {
    name: `${of.name.replace(/_total$/, '')}_per_second`,
    scope: 'pod',
    unit: of.unit,
    of,
    expression: (matchers) =>
      total(rateOf(of, { matchers, by: POD_LABELS, windowSeconds }), { matchers, by: POD_LABELS }),
  };
}

/**
 * One gauge of an exporter, summed over the series that `select` picks into a single number: the length of a queue is the
 * broker's, not each pod's. Read by every pod as a Pods metric it runs away (a steady backlog of 50 gives 3, 8, 16, 50
 * replicas); divided by the pods as an External metric with AverageValue it settles.
 */
export function clusterSum(name: string, of: Gauge, select: Matchers = {}): ScalingMetric {
  const by = ['namespace'];
  return {
    name,
    scope: 'cluster',
    unit: of.unit,
    of,
    expression: (matchers) => total(sumOf(of, { matchers: { ...matchers, ...select }, by }), { matchers, by }),
  };
}
