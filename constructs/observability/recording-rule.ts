import type { Matchers, ScalingMetric } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A scaling metric, with the endpoint whose series it is computed from. */
export interface RecordedMetric {
  readonly metric: ScalingMetric;
  readonly job: string;
}

/** Series under which Prometheus keeps a scaling metric. */
export function recordedSeries({ scope, name }: ScalingMetric): string {
  return `${scope}:${name}`;
}

/** Labels that the scrape puts on every series of an endpoint. */
export function jobMatchers(platform: PlatformContext, job: string): Matchers {
  return { namespace: platform.namespace, job };
}

/**
 * The metric's own expression, computed every interval and kept as a series: the autoscaler, the alert and the dashboard then read one
 * number, and the adapter needs no query of its own.
 */
export function recordingRule(platform: PlatformContext, { metric, job }: RecordedMetric): RecordingRule {
  return { record: recordedSeries(metric), expr: metric.expression(jobMatchers(platform, job)), labels: { job } };
}
