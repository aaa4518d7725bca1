import type { Construct } from 'constructs';
import { Alertmanager, Mesh, PublicIngress, type ScalingBehavior } from '../../constructs/index.js';
import { METRIC_LOSS_ANSWERS, podRate, requestBudget, type ServiceName } from '../../contract/index.js';
import {
  type EnvironmentConfigInput,
  PlatformStack,
  production,
  Scaling,
  type ServicePlan,
  separatePools,
  servicePlan,
} from '../../stacks/index.js';
import { resources, translations, translator } from '../support/own-contract.js';
import { policy } from './canary/canary-world.js';

/** Of a service that is always seen, and of those that are lost. */
export const SEEN = 'translator';
export const LOST = METRIC_LOSS_ANSWERS.map((answer) => `translator-${answer}`);

export const FLOOR = 2;
export const CEILING = 12;
/** Translations a second that each replica should bear, and tasks that may wait for each. */
export const RATE = 10;
export const BACKLOG = 10;

/** The service that is released, and how many pods bear all its traffic. */
export const RELEASED = 'chat' satisfies ServiceName;
export const BEARING = 8;
const releasePolicy: NonNullable<EnvironmentConfigInput['canary']>['policy'] = {
  ...policy,
  stepPercents: [5, 50, 100],
  approval: 'manual',
  // Prometheus scrapes half as often here.
  scrapeSeconds: 2 * policy.scrapeSeconds,
  baseline: { ...policy.baseline, windowSeconds: 2 * policy.baseline.windowSeconds },
  maxBlindSeconds: 300,
  maxIdleSeconds: 300,
};

/** Short periods, so that several of them pass within a test. */
export const behavior: ScalingBehavior = {
  scaleUp: { stabilizationSeconds: 0, percent: 50, pods: 1, periodSeconds: 5, select: 'Max' },
  scaleDown: { stabilizationSeconds: 5, percent: 50, pods: 1, periodSeconds: 5, select: 'Min' },
};

const room = { nodes: 9, cpu: '7', memory: '28Gi' };
export const nodePools = separatePools({ general: room, compute: room, memory: room, network: room, isolated: room });

const config = {
  ...production,
  name: 'scaling',
  namespace: 'scaling',
  nodePools,
  mesh: Mesh.sidecar({ cni: true }),
  ingress: PublicIngress.none('nobody calls it'),
  canary: { service: RELEASED, image: { ...production.image, tag: 'next' }, policy: releasePolicy },
  services: { [RELEASED]: { minReplicas: BEARING } },
  alerting: Alertmanager.none('the test looks at Prometheus itself'),
  scaling: Scaling.autoscaled({ minReplicas: FLOOR, maxReplicas: CEILING, backlogPerReplica: BACKLOG, behavior }),
} as const satisfies EnvironmentConfigInput;

/** The platform, and beside it a service that scales on a rate of each pod, four times: once for each answer to a loss, and once without one. */
export class ScaledEnvironment extends PlatformStack {
  constructor(scope: Construct) {
    super(scope, config);
  }

  protected override services(): readonly ServicePlan[] {
    const plan = { ...common, spec: translator };
    return [
      ...super.services(),
      servicePlan(plan),
      ...METRIC_LOSS_ANSWERS.map((onMetricLoss) =>
        servicePlan({
          ...plan,
          spec: { ...translator, name: `translator-${onMetricLoss}` },
          scaleOn: [{ ...target, onMetricLoss }],
        }),
      ),
    ];
  }
}

// The window holds several of the scrapes that the test has Prometheus make.
const target = { metric: podRate(translations, 15), averageValue: RATE };
const common = {
  drainSeconds: requestBudget.gatewayMs / 1000,
  resources,
  scaleOn: [target],
  settings: { languages: ['de'], apiKey: { secret: 'dictionary', key: 'api-key' } },
};
