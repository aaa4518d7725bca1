import { type ScrapeTarget, storeTarget } from '../constructs/index.js';
import { METRICS_PATH, metricsAdapter, wellKnownPorts } from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';

/** Everything that must run for autoscalers to see their metrics, as Prometheus watches it. */
export function metricsApis({ metricsBackend }: Pick<EnvironmentConfig, 'metricsBackend'>): readonly ScrapeTarget[] {
  if (metricsBackend.kind === 'prometheus-adapter') {
    const target = storeTarget(metricsAdapter);
    return target ? [{ ...target, selfSigned: true }] : [];
  }
  const { namespace, operator, metricsServer } = metricsBackend;
  return [operator, metricsServer].map((name) => ({
    name,
    port: wellKnownPorts.kedaMetrics,
    path: METRICS_PATH,
    metrics: [],
    meshMember: false,
    elsewhere: namespace,
  }));
}
