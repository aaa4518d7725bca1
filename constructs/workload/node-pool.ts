import type { k8s } from 'cdk8s-plus-28';
import * as z from 'zod';
import type { Placement } from '../../contract/vocabulary/index.js';
import { byteQuantity, cpuQuantity } from './quantity.js';

/** What a pool may grow to. A ceiling of replicas above it is refused at synthesis. */
export const nodeCapacity = z.strictObject({
  /** Most nodes that the pool may have. */
  nodes: z.int().min(1),
  /** What one node has for the platform's pods: its allocatable, less the cluster's own daemons. */
  cpu: cpuQuantity,
  memory: byteQuantity,
  /** Most pods of one node. @default 110, as the kubelet */
  pods: z.int().min(1).default(110),
});
export type NodeCapacity = Readonly<z.input<typeof nodeCapacity>>;

const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
    'must be the key of a label or taint, without value and effect: { "example.com/pool": "compute" }',
  );

/** The nodes that one placement means in one cluster. Without labels any node will do. */
export const nodePool = z.strictObject({
  /** Labels that a node must carry. */
  labels: z.record(labelKey, z.string()).default({}),
  /** Taints (`NoSchedule`) that the pods tolerate. */
  taints: z.record(labelKey, z.string()).default({}),
  /** RuntimeClass of the pods, such as gVisor's or Kata's, for code that is not trusted. @default the node's own runtime */
  runtimeClassName: z.string().min(1).optional(),
  /** Pools of the same labels are one pool, and share it. @default unknown: nothing is checked */
  capacity: nodeCapacity.optional(),
});
export interface NodePool {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: Readonly<Record<string, string>>;
  readonly runtimeClassName?: string | undefined;
  readonly capacity?: NodeCapacity | undefined;
}
export type NodePools = Readonly<Record<Placement, NodePool>>;

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** Where pods go: onto their pool's nodes, and there apart from each other, by zone first and by host second. */
export function placement(
  { labels, taints, runtimeClassName }: NodePool,
  selector: Readonly<Record<string, string>>,
): Pick<k8s.PodSpec, 'runtimeClassName' | 'affinity' | 'tolerations' | 'topologySpreadConstraints'> {
  const matchExpressions = Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  const labelSelector = { matchLabels: { ...selector } };
  return {
    ...(runtimeClassName !== undefined && { runtimeClassName }),
    affinity: {
      ...(matchExpressions.length > 0 && {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
      }),
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: HOSTNAME, labelSelector } },
        ],
      },
    },
    ...(Object.keys(taints).length > 0 && {
      tolerations: Object.entries(taints).map(([key, value]) => ({
        key,
        operator: 'Equal',
        value,
        effect: 'NoSchedule',
      })),
    }),
    topologySpreadConstraints: [ZONE, HOSTNAME].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector,
      // Each generation of pods by itself: a canary, or the pods that an update replaces, are no reason to put two of the same in one zone.
      matchLabelKeys: ['pod-template-hash'],
    })),
  };
}
