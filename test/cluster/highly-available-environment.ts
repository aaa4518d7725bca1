import type { Construct } from 'constructs';
import { Mesh, Redis } from '../../constructs/index.js';
import { modelProviders, orchestrator } from '../../contract/index.js';
import { Dev, type EnvironmentConfigInput, Scaling, type ServicePlan } from '../../stacks/index.js';
import { disposable } from './environment.js';

/** The Service by whose name the pods reach a model that the test plays. */
export const MODEL = 'model';
/** What streams pass through. */
export const STREAMING_PODS = 3;

const streaming = { replicas: STREAMING_PODS } as const;

/** The stores of `dev` that have a highly available form, in it; one of most processes, so that the node bears it. */
const config = {
  ...disposable,
  name: 'cluster-test-ha',
  namespace: 'cluster-test-ha',
  mesh: Mesh.none('one node has no wire to protect'),
  scaling: Scaling.fixed(1, 'the test scales by hand'),
  services: { gateway: streaming, orchestrator: streaming, worker: { replicas: 2 } },
  redis: { ...disposable.redis, topology: Redis.sentinel({ replicas: 3 }) },
  rabbitmq: { ...disposable.rabbitmq, replicas: 3 },
} as const satisfies EnvironmentConfigInput;

export class HighlyAvailableClusterTest extends Dev {
  constructor(scope: Construct) {
    super(scope, config);
  }

  /** With an address of the models' provider; keys it needs none. */
  protected override services(): readonly ServicePlan[] {
    const openaiBaseUrl = `http://${MODEL}:${modelProviders.port}`;
    return super
      .services()
      .map((plan) =>
        plan.spec.name === orchestrator.name ? { ...plan, settings: { ...plan.settings, openaiBaseUrl } } : plan,
      );
  }
}
