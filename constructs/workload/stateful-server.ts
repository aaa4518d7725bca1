import type { ApiObject } from 'cdk8s';
import { k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Placement } from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import type { MeshRole } from '../mesh-mode.js';
import { objectMeta, type PlatformContext, podSelector } from '../platform-context.js';
import { podDisruptionBudget } from './pod-disruption-budget.js';
import { type ByteQuantity, byteQuantity } from './quantity.js';
import { type ContainerSpec, restrictedPod } from './restricted-pod.js';
import { serverProps } from './server-props.js';
import { servicePorts } from './service-ports.js';
import { statefulSet } from './workload-object.js';

const statefulProps = serverProps.extend({ storage: byteQuantity });

export interface StatefulServerProps {
  readonly platform: PlatformContext;
  readonly name: string;
  readonly replicas: number;
  readonly placement: Placement;
  readonly containers: readonly ContainerSpec[];
  /** Run to their end, one after the other, before the containers start. @default none */
  readonly initContainers?: readonly ContainerSpec[];
  /** Beside the one that keeps its data. @default none */
  readonly volumes?: readonly k8s.Volume[];
  /** Size of each replica's volume. */
  readonly storage: ByteQuantity;
  readonly terminationGraceSeconds: number;
  /** Ports that clients use, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ports that the replicas use among themselves, by name. @default none */
  readonly peerPorts?: Readonly<Record<string, number>>;
  /** @default 'outsider' */
  readonly meshRole?: MeshRole;
  /** @default false */
  readonly apiToken?: boolean;
  /** What the pods read at start and must be replaced for: a checksum of their configuration. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Name of the volume that each replica keeps. Containers mount it where they like. */
export const DATA_VOLUME = 'data';

/** The name of a replica, such as `redis-0`, as a variable of its containers. */
export const POD_NAME: k8s.EnvVar = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

/** What follows a replica's name in its address. */
export function nodeDomain(platform: PlatformContext, name: string): string {
  return `${headlessName(name)}.${platform.namespace}.svc.cluster.local`;
}

/** Addresses of the first so many replicas. */
export function nodeNames(platform: PlatformContext, name: string, replicas: number): readonly string[] {
  return Array.from({ length: replicas }, (_, i) => `${name}-${i}.${nodeDomain(platform, name)}`);
}

/** Name of the headless Service that gives each replica a name of its own. */
export function headlessName(name: string): string {
  return `${name}-nodes`;
}

/** A server with state: StatefulSet with a volume for each replica, Service, headless Service, identity and disruption budget. */
export class StatefulServer extends Construct {
  readonly serviceAccount: ServiceAccount;
  readonly service: k8s.KubeService;
  readonly headlessService: k8s.KubeService;
  readonly statefulSet: ApiObject;
  readonly disruptionBudget: k8s.KubePodDisruptionBudget;

  constructor(scope: Construct, id: string, props: StatefulServerProps) {
    super(scope, id);
    holdProps(this, statefulProps, props);
    const { platform, name } = props;
    const metadata = objectMeta(platform, props);
    const selector = podSelector(platform, props);
    this.serviceAccount = new ServiceAccount(this, 'service-account', { metadata, automountToken: false });
    this.service = new k8s.KubeService(this, 'service', {
      metadata,
      spec: { type: 'ClusterIP', selector, ports: servicePorts(props.ports) },
    });
    this.headlessService = new k8s.KubeService(this, 'headless-service', {
      metadata: objectMeta(platform, props, headlessName(name)),
      // Replicas must find each other before they are ready.
      spec: {
        clusterIp: 'None',
        publishNotReadyAddresses: true,
        selector,
        ports: servicePorts({ ...props.ports, ...props.peerPorts }),
      },
    });
    this.statefulSet = statefulSet(this, 'stateful-set', {
      metadata,
      spec: {
        serviceName: headlessName(name),
        replicas: props.replicas,
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate' },
        selector: { matchLabels: selector },
        template: restrictedPod({ ...props, priority: 'data', meshRole: props.meshRole ?? 'outsider' }),
        volumeClaimTemplates: [
          {
            metadata: { name: DATA_VOLUME, labels: selector },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: k8s.Quantity.fromString(props.storage) } },
            },
          },
        ],
      },
    });
    this.disruptionBudget = podDisruptionBudget(this, { metadata, selector });
  }
}
