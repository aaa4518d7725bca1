import type { k8s } from 'cdk8s-plus-28';
import type { Metric, ScalingMetric } from '../../contract/vocabulary/index.js';
import { decimalQuantity } from '../workload/quantity.js';

/** A metric and the value per replica that the autoscaler aims at, in the metric's own base unit. */
export interface ScalingTarget {
  readonly metric: ScalingMetric;
  readonly averageValue: number;
}

/** Something that Prometheus scrapes, with what it exposes. */
export interface MetricsSource {
  readonly name: string;
  readonly metrics: readonly Metric[];
}

/**
 * What is wrong with a target, or `undefined`: nobody exposes its metric, or no value of it can reach the target.
 *
 * @param workload the pods that a `pod` metric is read from.
 * @param scraped whoever a `cluster` metric may be read from.
 */
export function targetProblem(
  { metric, averageValue }: ScalingTarget,
  workload: MetricsSource,
  scraped: readonly MetricsSource[],
): string | undefined {
  const { of } = metric;
  if (metric.scope === 'pod' && !workload.metrics.includes(of)) {
    return `"${metric.name}" is computed from ${of.name}, which ${workload.name} does not emit (it emits ${names(workload)}). Fix: add the metric to the service's contract, or scale on one of its own.`;
  }
  if (metric.scope === 'cluster' && !scraped.some((source) => source.metrics.includes(of))) {
    return `"${metric.name}" is computed from ${of.name}, which nothing scraped exposes (${scraped.map(({ name }) => name).join(', ') || 'nothing is scraped'}). Fix: pass the store that exposes it in "scraped".`;
  }
  if (!(averageValue > 0)) return `"${metric.name}": the target ${averageValue} must be above 0 ${metric.unit}.`;
  const bound = of.buckets?.at(-1);
  if (bound !== undefined && averageValue > bound) {
    return `"${metric.name}": the target ${averageValue} ${metric.unit} is above the histogram's last bucket (${bound} ${metric.unit}), so it is never reached. Is it in another unit?`;
  }
  return undefined;
}

function names({ metrics }: MetricsSource): string {
  return metrics.map(({ name }) => name).join(', ') || 'none';
}

/** A Pods metric for what each pod has of its own, an External one for what all pods share. */
export function hpaMetric({ metric, averageValue }: ScalingTarget): k8s.MetricSpecV2 {
  const source = {
    metric: { name: metric.name },
    target: { type: 'AverageValue', averageValue: decimalQuantity(averageValue) },
  };
  return metric.scope === 'pod' ? { type: 'Pods', pods: source } : { type: 'External', external: source };
}

/** A share of what the pods request, in percent. */
export function hpaResource(name: 'cpu' | 'memory', percent: number): k8s.MetricSpecV2 {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization: percent } } };
}
