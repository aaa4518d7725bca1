import type { Construct } from 'constructs';
import {
  Alertmanager,
  type Autoscaler,
  type PlatformContext,
  Prometheus,
  PrometheusAdapter,
  type ScrapeTarget,
} from '../constructs/index.js';
import {
  alertmanager,
  metricsAdapter,
  prometheus,
  SCRAPE_INTERVAL_SECONDS,
  type Slo,
  type TaskTopology,
} from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import { platformAlerts, type ScaledMetric } from './platform-alerts.js';

export interface PlatformObservability {
  readonly prometheus: Prometheus;
  /** Absent where nothing scales: an API without metrics would only be a thing that can fail. */
  readonly metricsAdapter?: PrometheusAdapter;
}

export interface PlatformObservabilityProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly targets: readonly ScrapeTarget[];
  readonly alertmanager: Alertmanager | undefined;
  readonly autoscalers: Iterable<Autoscaler>;
  readonly topologies: readonly TaskTopology[];
  readonly slos: readonly Slo[];
}

/** Who tells people of alerts, where the environment wants anybody told. */
export function buildAlerting(
  scope: Construct,
  { platform, config }: Pick<PlatformObservabilityProps, 'platform' | 'config'>,
): Alertmanager | undefined {
  if (config.alerting.kind === 'none') return undefined;
  return new Alertmanager(scope, alertmanager.name, {
    platform,
    spec: alertmanager,
    choice: config.alerting,
    image: config.thirdPartyImages.alertmanager,
  });
}

/** Prometheus, and the adapter that hands its numbers to the autoscalers; both from the metrics that the autoscalers took. */
export function buildObservability(scope: Construct, props: PlatformObservabilityProps): PlatformObservability {
  const { platform, config, targets } = props;
  const images = config.thirdPartyImages;
  const scaled = scaledMetrics(props.autoscalers, targets);
  const server = new Prometheus(scope, 'prometheus', {
    platform,
    spec: prometheus,
    image: images.prometheus,
    size: config.prometheus,
    alertmanager: props.alertmanager?.spec,
    intervalSeconds: SCRAPE_INTERVAL_SECONDS,
    targets,
    recorded: scaled,
    slos: props.slos,
    alerts: platformAlerts({ platform, targets, scaled, topologies: props.topologies }),
    runbooks: config.runbooks,
  });
  if (scaled.length === 0) return { prometheus: server };
  const adapter = new PrometheusAdapter(scope, 'metrics-adapter', {
    platform,
    spec: metricsAdapter,
    image: images.prometheusAdapter,
    prometheus: server,
  });
  return { prometheus: server, metricsAdapter: adapter };
}

/** Each metric once for each endpoint that it is computed from. */
function scaledMetrics(autoscalers: Iterable<Autoscaler>, targets: readonly ScrapeTarget[]): readonly ScaledMetric[] {
  const scaled = new Map<string, ScaledMetric>();
  for (const { release, maxReplicas, targets: wanted } of autoscalers) {
    for (const { metric, averageValue } of wanted) {
      const perPod = metric.scope === 'pod';
      const job = perPod ? release.spec.name : targets.find(({ metrics }) => metrics.includes(metric.of))?.name;
      if (job === undefined) continue; // The autoscaler has refused it already.
      const threshold = perPod ? averageValue : averageValue * maxReplicas;
      scaled.set(`${metric.name} ${job}`, { metric, job, threshold });
    }
  }
  return [...scaled.values()];
}
