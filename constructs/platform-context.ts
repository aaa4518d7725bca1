import * as z from 'zod';
import { type Endpoint, selectorLabels } from '../contract/vocabulary/index.js';
import { propForms } from './hold-props.js';
import { type MeshMode, meshMode } from './mesh-mode.js';
import { type NodePools, nodePool } from './workload/node-pool.js';

/** What goes first when a cluster has room for less than everything. Highest first. */
export const PRIORITIES = ['data', 'serving', 'batch'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Nobody else's: what denies by default would cut off whoever lives there. */
export const ownNamespace = propForms.name.refine(
  (name) => name !== 'default' && !name.startsWith('kube-'),
  'must be a namespace of the platform’s own, neither default nor one of Kubernetes’',
);

/** What a platform's props are held to. */
export const platformContext = z.object({
  namespace: ownNamespace,
  instance: propForms.name,
  nodePools: z.record(z.string(), nodePool),
  mesh: meshMode,
});

/** What the objects of one platform instance share. A `PlatformNamespace` makes the cluster's side of it. */
export interface PlatformContext {
  readonly namespace: string;
  /** Value of the instance label. It is in every selector, and selectors are immutable: never change it. */
  readonly instance: string;
  readonly nodePools: NodePools;
  readonly mesh: MeshMode;
}

/** Name of a priority class. It carries the namespace, for priority classes belong to the whole cluster. */
export function priorityClassName(platform: PlatformContext, priority: Priority): string {
  return `${platform.namespace}-${priority}`;
}

/** Labels that select an endpoint's pods, whatever their version. */
export function podSelector(platform: PlatformContext, endpoint: Pick<Endpoint, 'name'>): Record<string, string> {
  return selectorLabels(endpoint, platform.instance);
}

/** Metadata of a namespaced object that belongs to an endpoint. */
export function objectMeta(platform: PlatformContext, endpoint: Pick<Endpoint, 'name'>, name = endpoint.name) {
  return {
    name,
    namespace: platform.namespace,
    labels: { ...podSelector(platform, endpoint), ...PART_OF },
  };
}

/** Metadata of a namespaced object that belongs to the platform as a whole. */
export function platformMeta(platform: PlatformContext, name: string) {
  return {
    name,
    namespace: platform.namespace,
    labels: { 'app.kubernetes.io/instance': platform.instance, ...PART_OF },
  };
}

const PART_OF = { 'app.kubernetes.io/part-of': 'llm-platform' } as const;
