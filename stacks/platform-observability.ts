import type { Construct } from 'constructs';
import {
  Alertmanager,
  type Autoscaler,
  KubeStateMetrics,
  type PlatformContext,
  Prometheus,
  PrometheusAdapter,
  type ScrapeTarget,
  type StoreBackup,
} from '../constructs/index.js';
import {
  alertmanager,
  kubeStateMetrics,
  metricsAdapter,
  ports,
  prometheus,
  SCRAPE_INTERVAL_SECONDS,
  type Slo,
  type TaskTopology,
} from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import { metricsApis } from './metrics-apis.js';
import { platformAlerts } from './platform-alerts.js';
import { scaledMetrics } from './scaled-metrics.js';

export interface PlatformObservability {
  readonly prometheus: Prometheus;
  /** Absent where nothing scales (an API without metrics would only be a thing that can fail), and where KEDA does. */
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
  readonly backups: readonly StoreBackup[];
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

/** Who tells Prometheus of jobs, where there are any. */
export function buildJobMetrics(
  scope: Construct,
  { platform, config }: Pick<PlatformObservabilityProps, 'platform' | 'config'>,
): KubeStateMetrics {
  return new KubeStateMetrics(scope, kubeStateMetrics.name, {
    platform,
    spec: kubeStateMetrics,
    image: config.thirdPartyImages.kubeStateMetrics,
    ownPort: ports.kubeStateMetricsOwn,
  });
}

/** Prometheus, and unless KEDA does so the adapter that hands its numbers to the autoscalers; both from the metrics that the autoscalers took. */
export function buildObservability(scope: Construct, props: PlatformObservabilityProps): PlatformObservability {
  const { platform, config, targets } = props;
  const images = config.thirdPartyImages;
  const scaled = scaledMetrics(props.autoscalers, targets);
  const apis = scaled.length > 0 ? metricsApis(config) : [];
  const server = new Prometheus(scope, 'prometheus', {
    platform,
    spec: prometheus,
    image: images.prometheus,
    size: config.prometheus,
    alertmanager: props.alertmanager?.spec,
    intervalSeconds: SCRAPE_INTERVAL_SECONDS,
    targets: [...targets, ...apis],
    recorded: scaled,
    slos: props.slos,
    alerts: platformAlerts({ ...props, scaled, metricsApis: apis }),
    runbooks: config.runbooks,
  });
  if (scaled.length === 0 || config.metricsBackend.kind === 'keda') return { prometheus: server };
  const adapter = new PrometheusAdapter(scope, 'metrics-adapter', {
    platform,
    spec: metricsAdapter,
    image: images.prometheusAdapter,
    prometheus: server,
  });
  return { prometheus: server, metricsAdapter: adapter };
}
