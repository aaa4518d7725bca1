import type { ApiObject } from 'cdk8s';
import { k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Placement } from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import { objectMeta, type PlatformContext, podSelector } from '../platform-context.js';
import { replicatedPods } from './replicated-pods.js';
import { type ContainerSpec, restrictedPod } from './restricted-pod.js';
import { serverProps } from './server-props.js';
import { servicePorts } from './service-ports.js';

export interface StatelessServerProps {
  readonly platform: PlatformContext;
  readonly name: string;
  readonly replicas: number;
  readonly placement: Placement;
  readonly containers: readonly ContainerSpec[];
  /** @default none */
  readonly volumes?: readonly k8s.Volume[];
  readonly terminationGraceSeconds: number;
  /** Ports that clients use, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Sends a client back to the same pod for so long. @default to any pod */
  readonly clientAffinitySeconds?: number;
  /** What the pods read at start and must be replaced for: a checksum of their configuration. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A server beside the application that keeps nothing: Deployment, Service, identity and disruption budget. */
export class StatelessServer extends Construct {
  readonly serviceAccount: ServiceAccount;
  readonly service: k8s.KubeService;
  readonly deployment: ApiObject;
  readonly disruptionBudget: k8s.KubePodDisruptionBudget;

  constructor(scope: Construct, id: string, props: StatelessServerProps) {
    super(scope, id);
    holdProps(this, serverProps, props);
    const { platform, clientAffinitySeconds } = props;
    const metadata = objectMeta(platform, props);
    const selector = podSelector(platform, props);
    this.serviceAccount = new ServiceAccount(this, 'service-account', { metadata, automountToken: false });
    this.service = new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector,
        ports: servicePorts(props.ports),
        ...(clientAffinitySeconds !== undefined && {
          sessionAffinity: 'ClientIP',
          sessionAffinityConfig: { clientIp: { timeoutSeconds: clientAffinitySeconds } },
        }),
      },
    });
    const template = restrictedPod({ ...props, priority: 'data', meshRole: 'outsider' });
    const pods = replicatedPods(this, { platform, spec: props, replicas: props.replicas, template });
    this.deployment = pods.deployment;
    this.disruptionBudget = pods.disruptionBudget;
  }
}
