import { type Autoscaler, recordedSeries, type Substitute } from '../constructs/index.js';
import type { ScaledMetric } from './platform-alerts.js';

/**
 * Each metric that autoscalers act on, once for each endpoint that it is computed from. Where releases share one, the one that may grow
 * furthest decides what stands for it: each autoscaler ends at its own ceiling in any case.
 */
export function scaledMetrics(autoscalers: Iterable<Autoscaler>): readonly ScaledMetric[] {
  const scaled = new Map<string, ScaledMetric>();
  for (const autoscaler of autoscalers) {
    const { maxReplicas, targets } = autoscaler;
    for (const target of targets) {
      const { averageValue } = target;
      const { metric, job, substitutes: own = [] } = autoscaler.recordedFor(target);
      const key = `${recordedSeries(metric)} ${job}`;
      const known = scaled.get(key);
      const substitutes = merged([...(known?.substitutes ?? []), ...own]);
      scaled.set(key, {
        metric,
        job,
        threshold: Math.max(known?.threshold ?? 0, metric.scope === 'pod' ? averageValue : averageValue * maxReplicas),
        ...(substitutes.length > 0 && { substitutes }),
      });
    }
  }
  return [...scaled.values()];
}

/** The largest value for each answer. */
function merged(substitutes: readonly Substitute[]): readonly Substitute[] {
  const ascending = [...substitutes].sort((a, b) => a.value - b.value);
  return [...new Map(ascending.map((one) => [one.answer, one])).values()];
}
