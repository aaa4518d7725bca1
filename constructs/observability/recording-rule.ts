import {
  type LossSubstitute,
  type Matchers,
  type OnMetricLoss,
  POD_LABELS,
  type ScalingMetric,
  selector,
} from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A value that stands for a metric while there is none. */
export interface Substitute {
  readonly answer: LossSubstitute;
  /** In the metric's unit: of each pod, or of all together, as the metric's scope is. */
  readonly value: number;
}

/** A scaling metric, with the endpoint whose series it is computed from. */
export interface RecordedMetric {
  readonly metric: ScalingMetric;
  readonly job: string;
  /** @default none: while the metric is lost, nothing is served and autoscalers hold */
  readonly substitutes?: readonly Substitute[];
}

/**
 * How long a metric must be gone before something stands for it. Four scrapes: one that fails, or a broker that restarts, is no loss.
 */
const LOST_AFTER_SECONDS = 60;

/** Series under which Prometheus keeps a scaling metric; with another answer than `hold`, the one that has a value while it is lost. */
export function recordedSeries(metric: ScalingMetric, onMetricLoss: OnMetricLoss = 'hold'): string {
  const level = metric.scope === 'object' ? metric.object.kind.toLowerCase() : metric.scope;
  return `${level}:${metric.name}${onMetricLoss === 'hold' ? '' : `:or_${onMetricLoss}`}`;
}

/** Labels that the scrape puts on every series of an endpoint. */
export function jobMatchers(platform: PlatformContext, job: string): Matchers {
  return { namespace: platform.namespace, job };
}

/**
 * The metric's own expression, computed every interval and kept as a series: the autoscaler, the alert and the dashboard then read one
 * number, and the adapter needs no query of its own. A substitute is a series beside it, so that the metric itself never tells what was
 * not measured.
 */
export function recordingRules(platform: PlatformContext, recorded: RecordedMetric): readonly RecordingRule[] {
  const { metric, job, substitutes = [] } = recorded;
  const matchers = jobMatchers(platform, job);
  const measured = {
    record: recordedSeries(metric),
    expr: metric.expression(matchers),
    labels: { job, ...describedService(metric) },
  };
  const own = recordedSelector(platform, recorded);
  const labels = { ...measured.labels, ...(metric.scope !== 'pod' && { namespace: platform.namespace }) };
  return [
    measured,
    ...substitutes.map(({ answer, value }) => ({
      record: recordedSeries(metric, answer),
      expr: `${own} or (${constant(metric, matchers, value)} unless on () last_over_time(${own}[${LOST_AFTER_SECONDS}s]))`,
      labels,
    })),
  ];
}

/** Selects what a metric's rule has recorded of one endpoint. */
export function recordedSelector(platform: PlatformContext, { metric, job }: RecordedMetric): string {
  return `${recordedSeries(metric)}${selector({ ...jobMatchers(platform, job), ...describedService(metric) })}`;
}

function describedService(metric: ScalingMetric): Readonly<Record<string, string>> {
  return metric.scope === 'object' && metric.object.kind === 'Service' ? { service: metric.object.name } : {};
}

/** Of a pod there is `up` as long as Prometheus finds it, whether it answers or not. */
function constant({ scope }: ScalingMetric, matchers: Matchers, value: number): string {
  return scope === 'pod'
    ? `0 * max by (${POD_LABELS.join(', ')}) (up${selector(matchers)}) + ${value}`
    : `vector(${value})`;
}
