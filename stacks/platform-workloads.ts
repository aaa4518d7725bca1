import type { Construct } from 'constructs';
import {
  Autoscaler,
  LlmService,
  LlmWorker,
  type LlmWorkload,
  type MetricsSource,
  type PlatformContext,
  type Release,
  type ReleaseProps,
  type ScalingTarget,
} from '../constructs/index.js';
import {
  type CanaryReleaseSpecInput,
  canaryPolicy,
  otelCollector,
  peerSettings,
  processSettings,
  prometheus,
  releaseFloor,
  requestBudget,
  type ServiceName,
  type SettingsShape,
  services,
  serviceUrl,
} from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import type { Autoscaled } from './scaling.js';
import type { ServicePlan } from './service-plan.js';

export interface PlatformWorkloads {
  /** By the service's name. */
  readonly workloads: ReadonlyMap<string, LlmWorkload>;
  /** By the name of the release that each scales. */
  readonly autoscalers: ReadonlyMap<string, Autoscaler>;
  /** The release that is being tried, where there is one. */
  readonly canary?: {
    readonly service: LlmService;
    readonly release: Release;
    /** Of the release that is stable, and of each; absent where nothing scales. */
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly policy?: CanaryReleaseSpecInput['policy'];
    readonly webhooks: CanaryReleaseSpecInput['webhooks'];
  };
}

export interface PlatformWorkloadsProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly plans: readonly ServicePlan[];
  /** Whoever Prometheus scrapes. */
  readonly scraped: readonly MetricsSource[];
  /** The broker takes a message back that is not acknowledged for so long. */
  readonly consumerTimeoutSeconds: number;
}

/** Builds every planned service, with its autoscaler and, for one of them, a canary. */
export function buildWorkloads(scope: Construct, props: PlatformWorkloadsProps): PlatformWorkloads {
  const { config, plans } = props;
  const workloads = new Map<string, LlmWorkload>();
  const autoscalers = new Map<string, Autoscaler>();
  let canary: PlatformWorkloads['canary'];
  for (const plan of plans) {
    const workload = buildWorkload(scope, props, plan);
    workloads.set(plan.spec.name, workload);
    if (config.canary?.service === plan.spec.name && workload instanceof LlmService) {
      const { image, policy, webhooks } = config.canary;
      const release = workload.addRelease({ ...releaseProps(config, plan, canaryPolicy.canaryVersion), image });
      const { scaling } = config;
      const bounds = scaling.kind === 'autoscaled' && {
        minReplicas: floorOf(config, plan, scaling),
        maxReplicas: ceilingOf(config, plan, scaling),
      };
      canary = { service: workload, release, webhooks, ...bounds, ...(policy && { policy }) };
    }
    if (config.scaling.kind !== 'autoscaled' || !scales(plan)) continue;
    for (const release of workload.releases) {
      autoscalers.set(release.name, buildAutoscaler(scope, props, plan, release, config.scaling));
    }
  }
  return { workloads, autoscalers, ...(canary && { canary }) };
}

function buildWorkload(scope: Construct, wanted: PlatformWorkloadsProps, plan: ServicePlan): LlmWorkload {
  const { platform, config, consumerTimeoutSeconds } = wanted;
  const { spec, drainSeconds, permissions, longestAnswerMs, consumes: tasks } = plan;
  const props = {
    ...releaseProps(config, plan, canaryPolicy.stableVersion),
    platform,
    spec,
    drainSeconds,
    ...(permissions && { permissions }),
    ...(tasks && { consumes: { tasks, consumerTimeoutSeconds } }),
  };
  if (spec.kind !== 'service') return new LlmWorker(scope, spec.name, props);
  return new LlmService(scope, spec.name, {
    ...props,
    requestPath: requestBudget,
    ...(longestAnswerMs !== undefined && { longestAnswerMs }),
  });
}

function releaseProps(config: EnvironmentConfig, plan: ServicePlan, version: string): ReleaseProps<SettingsShape> {
  const own = overridesOf(config, plan);
  const args = plan.args ?? (plan.image ? undefined : [plan.spec.name]);
  return {
    version,
    image: own?.image ?? plan.image ?? config.image,
    settings: { ...plan.settings, ...platformSettings(config, plan, version) },
    replicas: replicasOf(config, plan),
    resources: own?.resources ?? plan.resources ?? config.resources,
    ...(args && { args }),
  };
}

/** What the platform tells every process whose contract has the setting: its version, where its traces go and whom it asks for metrics. */
function platformSettings({ tracing, monitoring }: EnvironmentConfig, { spec }: ServicePlan, version: string) {
  const reads = (key: 'release' | 'otlpEndpoint') => spec.settings[key] === processSettings[key];
  return {
    ...(reads('release') && { release: version }),
    ...(spec.settings.prometheusUrl === peerSettings.prometheusUrl &&
      monitoring.kind === 'operator' && { prometheusUrl: monitoring.url }),
    ...(reads('otlpEndpoint') &&
      tracing.kind === 'collector' && {
        otlpEndpoint: serviceUrl(otelCollector),
        tracesSampler: 'parentbased_traceidratio',
        samplingRatio: tracing.samplingRatio,
      }),
  };
}

function replicasOf(config: EnvironmentConfig, plan: ServicePlan): number | 'autoscaled' {
  if (config.scaling.kind === 'fixed')
    return overridesOf(config, plan)?.replicas ?? plan.replicas ?? config.scaling.replicas;
  return scales(plan) ? 'autoscaled' : floorOf(config, plan, config.scaling);
}

/** A controller watches and decides; more of them would not decide faster. */
function scales({ spec }: ServicePlan): boolean {
  return spec.kind !== 'controller';
}

function floorOf(config: EnvironmentConfig, plan: ServicePlan, scaling: Autoscaled): number {
  return overridesOf(config, plan)?.minReplicas ?? plan.minReplicas ?? scaling.minReplicas ?? plan.spec.minReplicas;
}

function ceilingOf(config: EnvironmentConfig, plan: ServicePlan, scaling: Autoscaled): number {
  return overridesOf(config, plan)?.maxReplicas ?? plan.maxReplicas ?? scaling.maxReplicas;
}

function buildAutoscaler(
  scope: Construct,
  { config, scraped }: PlatformWorkloadsProps,
  plan: ServicePlan,
  release: Release,
  scaling: Autoscaled,
): Autoscaler {
  return new Autoscaler(scope, `${release.name}-autoscaler`, {
    release,
    // The second slot begins with what a disruption leaves one of; what its role asks for beside that the controller tells.
    minReplicas: release.version === canaryPolicy.canaryVersion ? 2 : floorOf(config, plan, scaling),
    maxReplicas: ceilingOf(config, plan, scaling),
    cpuPercent: scaling.cpuPercent,
    memoryPercent: scaling.memoryPercent,
    behavior: scaling.behavior,
    targets: scalingTargets(config, plan, release, scaling),
    scraped,
    ...(config.metricsBackend.kind === 'keda' && { keda: { prometheusUrl: prometheusUrl(config) } }),
  });
}

/** In a release each slot has, besides, the pods that its part of the traffic asks for, before that comes. */
function scalingTargets(
  { canary }: EnvironmentConfig,
  { spec, scaleOn = [] }: ServicePlan,
  release: Release,
  { onMetricLoss }: Autoscaled,
): readonly ScalingTarget[] {
  if (canary?.service !== spec.name) return scaleOn;
  return [...scaleOn, { metric: releaseFloor(release.name), averageValue: 1, onMetricLoss }];
}

/** Prometheus as pods of another namespace see it. */
function prometheusUrl({ monitoring, namespace }: EnvironmentConfig): string {
  if (monitoring.kind === 'operator') return monitoring.url;
  return serviceUrl({ ...prometheus, name: `${prometheus.name}.${namespace}.svc` });
}

function overridesOf(config: EnvironmentConfig, { spec }: ServicePlan) {
  return Object.hasOwn(services, spec.name) ? config.services[spec.name as ServiceName] : undefined;
}
