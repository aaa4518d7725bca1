import type { Metric, OnMetricLoss, ScalingMetric } from '../../contract/vocabulary/index.js';

/** A metric and the value per replica that the autoscaler aims at, in the metric's own base unit. */
export interface ScalingTarget {
  readonly metric: ScalingMetric;
  readonly averageValue: number;
  /**
   * What the autoscaler does while the metric has no value.
   * @default 'hold': a service that cannot be seen keeps what it has
   */
  readonly onMetricLoss?: OnMetricLoss;
}

/** Something that Prometheus scrapes, with what it exposes. */
export interface MetricsSource {
  readonly name: string;
  readonly metrics: readonly Metric[];
}

/** Kubernetes counts in thousandths. */
const LEAST_TARGET = 0.001;

/**
 * What is wrong with a target, or `undefined`: nobody exposes its metric, or no value of it can reach the target.
 *
 * @param workload the pods that a `pod` metric is read from.
 * @param scraped whoever another metric may be read from.
 */
export function targetProblem(
  { metric, averageValue }: ScalingTarget,
  workload: MetricsSource,
  scraped: readonly MetricsSource[],
): string | undefined {
  const { of } = metric;
  if (sourceOf(metric, workload, scraped) === undefined) return sourceProblem(metric, workload, scraped);
  if (!(averageValue > 0)) return `"${metric.name}": the target ${averageValue} must be above 0 ${metric.unit}.`;
  if (averageValue < LEAST_TARGET) {
    return `"${metric.name}": the target ${averageValue} ${metric.unit} is below a thousandth, the least that Kubernetes counts. Is it in another unit?`;
  }
  const bound = of.buckets?.at(-1);
  if (bound !== undefined && averageValue > bound) {
    return `"${metric.name}": the target ${averageValue} ${metric.unit} is above the histogram's last bucket (${bound} ${metric.unit}), so it is never reached. Is it in another unit?`;
  }
  return undefined;
}

/** Whose series a metric is computed from: the workload's own, those of the Service that it describes, or of whoever exposes them. */
export function sourceOf(
  metric: ScalingMetric,
  workload: MetricsSource,
  scraped: readonly MetricsSource[],
): MetricsSource | undefined {
  const exposes = ({ metrics }: MetricsSource) => metrics.includes(metric.of);
  if (metric.scope === 'pod') return exposes(workload) ? workload : undefined;
  if (metric.scope === 'cluster' || metric.object.kind === 'Namespace') return scraped.find(exposes);
  const { name } = metric.object;
  return [workload, ...scraped].find((source) => source.name === name && exposes(source));
}

function sourceProblem(metric: ScalingMetric, workload: MetricsSource, scraped: readonly MetricsSource[]): string {
  const computed = `"${metric.name}" is computed from ${metric.of.name}`;
  if (metric.scope === 'pod') {
    return `${computed}, which ${workload.name} does not emit (it emits ${names(workload.metrics)}). Fix: add the metric to the service's contract, or scale on one of its own.`;
  }
  if (metric.scope === 'object' && metric.object.kind === 'Service') {
    const emitters = new Set([workload, ...scraped].filter(({ metrics }) => metrics.includes(metric.of)));
    return `${computed} of the Service ${metric.object.name}, which does not emit it (who does: ${names([...emitters])}). Fix: name a Service that does, or add the metric to its contract.`;
  }
  return `${computed}, which nothing scraped exposes (${scraped.length > 0 ? names(scraped) : 'nothing is scraped'}). Fix: pass the store that exposes it in "scraped".`;
}

function names(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(', ') || 'none';
}
