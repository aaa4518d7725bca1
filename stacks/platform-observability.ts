import type { Construct } from 'constructs';
import {
  Alertmanager,
  type Autoscaler,
  type Dashboard,
  Grafana,
  OtelCollector,
  type PlatformContext,
  Prometheus,
  PrometheusAdapter,
  type ScrapeTarget,
} from '../constructs/index.js';
import {
  alertmanager,
  grafana,
  metricsAdapter,
  otelCollector,
  ports,
  processSettings,
  prometheus,
  SCRAPE_INTERVAL_SECONDS,
  type ServiceSpec,
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

/** Who sends the processes' traces on, where the environment wants any. */
export function buildTracing(
  scope: Construct,
  { platform, config }: Pick<PlatformObservabilityProps, 'platform' | 'config'>,
  services: readonly ServiceSpec[],
): OtelCollector | undefined {
  if (config.tracing.kind === 'none') return undefined;
  return new OtelCollector(scope, otelCollector.name, {
    platform,
    spec: otelCollector,
    healthPort: ports.otelCollectorHealth,
    choice: config.tracing,
    image: config.thirdPartyImages.otelCollector,
    sources: services.filter(({ settings }) => settings.otlpEndpoint === processSettings.otlpEndpoint),
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
    alerts: platformAlerts({ platform, targets, scaled, topologies: props.topologies, metricsApis: apis }),
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

/** Who shows the dashboards, where the environment wants them shown. */
export function buildDashboards(
  scope: Construct,
  { platform, config }: Pick<PlatformObservabilityProps, 'platform' | 'config'>,
  prometheusUrl: string,
  dashboards: readonly Dashboard[],
): Grafana | undefined {
  if (config.dashboards.kind === 'none') return undefined;
  return new Grafana(scope, grafana.name, {
    platform,
    spec: grafana,
    choice: config.dashboards,
    image: config.thirdPartyImages.grafana,
    prometheusUrl,
    intervalSeconds: SCRAPE_INTERVAL_SECONDS,
    dashboards,
  });
}
