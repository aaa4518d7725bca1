import type { Construct } from 'constructs';
import {
  CanaryRelease,
  LlmService,
  type LlmWorkload,
  type PlatformContext,
  PublicIngress,
  ServiceRoute,
} from '../constructs/index.js';
import {
  canaryPolicy,
  type Flow,
  gateway,
  publicPaths,
  requestBudget as requestPath,
  webSocketPath,
} from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import type { PlatformWorkloads } from './platform-workloads.js';

export interface PlatformTraffic {
  readonly ingress: PublicIngress;
  /** Absent where no release is being tried. */
  readonly canaryRelease?: CanaryRelease;
  /** Of the other services that services call. None without a proxy at each caller. */
  readonly routes: readonly ServiceRoute[];
}

export interface PlatformTrafficProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly workloads: ReadonlyMap<string, LlmWorkload>;
  readonly canary: PlatformWorkloads['canary'];
  readonly flows: readonly Flow[];
}

const idleTimeoutSeconds = requestPath.proxyIdleMs / 1000;
const inside = { timeoutMs: requestPath.routeMs, requestPath, idleTimeoutSeconds };

/** The way of a request: through the entrance, and from service to service. */
export function buildTraffic(scope: Construct, props: PlatformTrafficProps): PlatformTraffic {
  const { platform, canary, workloads, config } = props;
  const called = [...workloads.values()]
    .filter((workload): workload is LlmService => workload instanceof LlmService)
    .filter(({ spec }) => props.flows.some(({ to }) => to === spec));
  return {
    ...(canary && {
      canaryRelease: new CanaryRelease(scope, 'canary', {
        service: canary.service,
        canary: canary.release,
        betaHeader: canaryPolicy.betaHeader,
        webhooks: canary.webhooks,
        ...(canary.minReplicas !== undefined && { minReplicas: canary.minReplicas }),
        ...(canary.maxReplicas !== undefined && { maxReplicas: canary.maxReplicas }),
        ...(canary.policy && { policy: canary.policy }),
        ...inside,
      }),
    }),
    routes:
      config.mesh.kind === 'sidecar'
        ? called
            .filter((service) => service !== canary?.service)
            .map((service) => new ServiceRoute(scope, service.spec.name, { service, ...inside }))
        : [],
    ingress: new PublicIngress(scope, 'ingress', {
      platform,
      service: gateway,
      paths: publicPaths,
      webSocketPaths: [webSocketPath],
      timeoutMs: requestPath.gatewayMs,
      requestPath,
      idleTimeoutSeconds,
      ingress: config.ingress,
    }),
  };
}
