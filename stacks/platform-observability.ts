import type { Construct } from 'constructs';
import {
  Alertmanager,
  type Autoscaler,
  type Dashboard,
  Grafana,
  KubeStateMetrics,
  OperatorMonitoring,
  type OperatorMonitoringProps,
  OtelCollector,
  type PlatformContext,
  Prometheus,
  PrometheusAdapter,
  type PrometheusProps,
  type ScrapeTarget,
  type StoreBackup,
} from '../constructs/index.js';
import {
  alertmanager,
  grafana,
  kubeStateMetrics,
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
  /** The platform's own Prometheus, or what the operator's reads. */
  readonly monitoring: Prometheus | OperatorMonitoring;
  /** Absent where nothing scales (an API without metrics would only be a thing that can fail), and where KEDA does. */
  readonly metricsAdapter?: PrometheusAdapter;
}

export interface PlatformObservabilityProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly targets: readonly ScrapeTarget[];
  readonly services: readonly ServiceSpec[];
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

/**
 * Prometheus, or what somebody else's needs; and unless KEDA does so the adapter that hands its numbers to the autoscalers. All from the
 * metrics that the autoscalers took.
 */
export function buildObservability(scope: Construct, props: PlatformObservabilityProps): PlatformObservability {
  const { platform, config, targets } = props;
  const scaled = scaledMetrics(props.autoscalers);
  const apis = scaled.length > 0 ? metricsApis(config) : [];
  const monitoring = buildMonitoring(scope, props, {
    platform,
    intervalSeconds: SCRAPE_INTERVAL_SECONDS,
    targets: [...targets, ...apis],
    recorded: scaled,
    slos: props.slos,
    alerts: platformAlerts({ ...props, scaled, metricsApis: apis }),
    runbooks: config.runbooks,
  });
  if (scaled.length === 0 || config.metricsBackend.kind === 'keda') return { monitoring };
  const adapter = new PrometheusAdapter(scope, 'metrics-adapter', {
    platform,
    spec: metricsAdapter,
    image: config.thirdPartyImages.prometheusAdapter,
    prometheus: monitoring,
  });
  return { monitoring, metricsAdapter: adapter };
}

function buildMonitoring(
  scope: Construct,
  { config, alertmanager, services }: PlatformObservabilityProps,
  sources: Omit<PrometheusProps & OperatorMonitoringProps, 'spec' | 'image' | 'size' | 'choice' | 'withService'>,
): Prometheus | OperatorMonitoring {
  const choice = config.monitoring;
  if (choice.kind === 'operator') {
    const withService = services.filter(({ kind }) => kind === 'service');
    return new OperatorMonitoring(scope, 'monitoring', { ...sources, choice, withService });
  }
  return new Prometheus(scope, 'prometheus', {
    ...sources,
    spec: prometheus,
    image: config.thirdPartyImages.prometheus,
    size: choice,
    alertmanager: alertmanager?.spec,
  });
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
