import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type AdmissionPolicies,
  type Alertmanager,
  type Autoscaler,
  type CanaryRelease,
  CanaryReleaseDefinition,
  type Connection,
  type Dashboard,
  type Grafana,
  type KubeStateMetrics,
  type LlmWorkload,
  type Mesh,
  markSourceLine,
  type NamespaceLimits,
  type NetworkPolicies,
  type OperatorMonitoring,
  type OtelCollector,
  PlatformNamespace,
  type Prometheus,
  type PrometheusAdapter,
  type PublicIngress,
  type SecretRef,
  type ServiceRoute,
  type StoreBackup,
  serviceTarget,
  storeTarget,
} from '../constructs/index.js';
import {
  allowedWebsites,
  type Flow,
  flows,
  grafana,
  httpRequests,
  metricsAdapter,
  prometheus,
  type Slo,
  slos,
  type TaskTopology,
  tasks,
} from '../contract/index.js';
import { type DashboardSources, platformDashboards } from './dashboards/index.js';
import { type EnvironmentConfig, type EnvironmentConfigInput, parseEnvironmentConfig } from './environment-config.js';
import { planProblems } from './plan-problems.js';
import { buildBackups } from './platform-backups.js';
import { monitoringEnd, platformConnections } from './platform-connections.js';
import {
  buildAlerting,
  buildDashboards,
  buildJobMetrics,
  buildObservability,
  buildTracing,
} from './platform-observability.js';
import { buildPolicies } from './platform-policies.js';
import { platformServices } from './platform-services.js';
import { buildStores, type PlatformStores, storesInCluster } from './platform-stores.js';
import { buildTraffic } from './platform-traffic.js';
import { buildWorkloads } from './platform-workloads.js';
import { queueProblems } from './queue-problems.js';
import { secretsIn } from './required-secrets.js';
import type { ServicePlan } from './service-plan.js';
import { configAtSite } from './site.js';

/**
 * The whole platform, from one environment's config: a chart for each step of an apply, in the order in which they are applied.
 *
 * An environment is a subclass that passes its config. One with services, connections or queues of its own overrides the hooks below;
 * they run while this constructor does, so they read `this.config` and `this.stores`, never a field of their own.
 */
export class PlatformStack extends Construct {
  readonly config: EnvironmentConfig;
  readonly platform: PlatformNamespace;
  readonly stores: PlatformStores;
  readonly backups: readonly StoreBackup[];
  /** By the service's name. */
  readonly workloads: ReadonlyMap<string, LlmWorkload>;
  /** By the name of the Deployment that each scales. */
  readonly autoscalers: ReadonlyMap<string, Autoscaler>;
  /** The platform's own Prometheus, or what the operator's reads. */
  readonly monitoring: Prometheus | OperatorMonitoring;
  /** Absent where nothing scales, or KEDA does. */
  readonly metricsAdapter?: PrometheusAdapter;
  /** Absent where nobody is told of alerts. */
  readonly alertmanager?: Alertmanager;
  /** Absent where nobody looks at dashboards. */
  readonly grafana?: Grafana;
  /** Absent where nothing is traced. */
  readonly otelCollector?: OtelCollector;
  /** Absent where there are no jobs: nothing is backed up. */
  readonly jobMetrics?: KubeStateMetrics;
  /** Every connection that is allowed. */
  readonly connections: readonly Connection[];
  readonly networkPolicies: NetworkPolicies;
  readonly mesh: Mesh;
  readonly limits: NamespaceLimits;
  readonly admission: AdmissionPolicies;
  readonly ingress: PublicIngress;
  /** Absent where no release is being tried. */
  readonly canaryRelease?: CanaryRelease;
  /** Of the other services that services call. None without a proxy at each caller. */
  readonly routes: readonly ServiceRoute[];
  /** Secrets that must stand in the namespace before the pods can start. */
  readonly requiredSecrets: readonly SecretRef[];

  /**
   * @throws {EnvironmentConfigError} naming every bad value of the config.
   * @throws naming every service whose name is taken, and every queue that nobody consumes, or that a service wants and the broker does not hold.
   */
  constructor(scope: Construct, input: EnvironmentConfigInput) {
    const config = parseEnvironmentConfig(configAtSite(scope, input));
    super(scope, config.name);
    markSourceLine(this);
    this.config = config;
    // A file is named after its chart: `cdk8s synth` numbers none by itself, and kubectl applies them in the order of their names.
    const foundation = new Chart(this, '00-foundation');
    const policies = new Chart(this, '01-policies');
    const data = new Chart(this, '02-data');
    const observability = new Chart(this, '03-observability');
    const processes = new Chart(this, '04-services');
    const traffic = new Chart(this, '05-traffic');

    const platform = new PlatformNamespace(foundation, 'namespace', { ...config, instance: config.namespace });
    this.platform = platform;
    if (config.canary) new CanaryReleaseDefinition(foundation, 'canary-releases');
    const topologies = this.topologies();
    this.stores = buildStores(data, { platform, config, topologies });
    this.backups = buildBackups(data, { platform, config, stores: this.stores });
    const inCluster = storesInCluster(this.stores);
    const plans = this.services();
    const problems = [...planProblems(plans, inCluster), ...queueProblems(topologies, plans)];
    if (problems.length > 0) throw new Error([`${this.node.path}:`, ...problems].join('\n  '));
    const services = plans.map(({ spec }) => spec);
    const objectives = this.slos();
    const alertmanager = buildAlerting(observability, { platform, config });
    if (alertmanager) this.alertmanager = alertmanager;
    const shown = config.dashboards.kind === 'grafana' ? [{ spec: grafana, scrapeTarget: storeTarget(grafana) }] : [];
    const collector = buildTracing(observability, { platform, config }, services);
    if (collector) this.otelCollector = collector;
    if (this.backups.length > 0) this.jobMetrics = buildJobMetrics(observability, { platform, config });
    const jobs = this.jobMetrics ? [this.jobMetrics] : [];
    const servers = [...inCluster, alertmanager ?? [], shown, collector ?? [], jobs].flat();
    const targets = [...services.map(serviceTarget), ...servers.flatMap(({ scrapeTarget }) => scrapeTarget ?? [])];

    const { workloads, autoscalers, canary } = buildWorkloads(processes, {
      platform,
      config,
      plans,
      scraped: targets,
      consumerTimeoutSeconds: this.stores.rabbitmq.consumerTimeoutSeconds,
    });
    this.workloads = workloads;
    this.autoscalers = autoscalers;
    const metrics = buildObservability(observability, {
      platform,
      config,
      targets,
      services,
      alertmanager,
      autoscalers: autoscalers.values(),
      topologies,
      slos: objectives,
      backups: this.backups,
    });
    this.monitoring = metrics.monitoring;
    if (metrics.metricsAdapter) this.metricsAdapter = metrics.metricsAdapter;
    const sources = {
      platform,
      services: services.filter((spec) => spec.metrics.includes(httpRequests)),
      targets,
      autoscalers: [...autoscalers.values()],
      topologies,
      slos: objectives,
      canary: canary?.service.spec.name,
    };
    const dashboards = buildDashboards(
      observability,
      { platform, config },
      metrics.monitoring.url,
      this.dashboards(sources),
    );
    if (dashboards) this.grafana = dashboards;

    const adapters = metrics.metricsAdapter ? [metricsAdapter] : [];
    const scrapers = config.monitoring.kind === 'own' ? [prometheus] : [];
    const apiClients = [
      ...scrapers,
      ...adapters,
      ...jobs.map(({ spec }) => spec),
      ...plans.filter(({ permissions }) => permissions).map(({ spec }) => spec),
    ];
    const connections = platformConnections({
      flows: this.flows(),
      stores: Object.values(this.stores),
      targets,
      monitoring: monitoringEnd(config.monitoring),
      ingress: config.ingress,
      identityProvider: config.identityProvider,
      canary: config.canary,
      controlPlaneCidrs: config.controlPlaneCidrs,
      apiClients,
      metricsAdapter: metrics.metricsAdapter !== undefined,
      grafana: dashboards !== undefined,
      ...(autoscalers.size > 0 && config.metricsBackend.kind === 'keda' && { keda: config.metricsBackend }),
    });
    this.connections = [
      ...connections,
      ...(alertmanager?.connections ?? []),
      ...(collector?.connections ?? []),
      ...this.backups.flatMap((backup) => backup.connections),
    ];
    const others = [...[...servers, ...this.backups].map(({ spec }) => spec), ...scrapers, ...adapters];
    const built = buildPolicies(policies, {
      platform,
      config,
      services,
      others,
      connections: this.connections,
      apiClients,
      workloads: this,
    });
    this.networkPolicies = built.networkPolicies;
    this.mesh = built.mesh;
    this.limits = built.limits;
    this.admission = built.admission;

    const ways = buildTraffic(traffic, { platform, config, workloads, canary, flows: this.flows() });
    this.ingress = ways.ingress;
    if (ways.canaryRelease) this.canaryRelease = ways.canaryRelease;
    this.routes = ways.routes;
    this.requiredSecrets = secretsIn([config, plans.map(({ settings }) => settings)]);
  }

  /** What runs. Override to add services: `[...super.services(), servicePlan({ spec, … })]`. */
  protected services(): readonly ServicePlan[] {
    return platformServices(this.config, this.stores);
  }

  /** Who may call whom. What is not listed is denied. */
  protected flows(): readonly Flow[] {
    const { agentFetchHosts } = this.config;
    return flows.filter(({ to }) => to !== allowedWebsites || agentFetchHosts.length > 0);
  }

  /** What users are promised; an alert fires when an error budget burns. */
  protected slos(): readonly Slo[] {
    return slos;
  }

  /** What people look at. Override to add dashboards: `[...super.dashboards(sources), { id, title, rows }]`. */
  protected dashboards(sources: DashboardSources): readonly Dashboard[] {
    return platformDashboards(sources);
  }

  /** The queues that the broker holds from its first start. */
  protected topologies(): readonly TaskTopology[] {
    return [tasks];
  }
}
