import type { Cluster } from './cluster.js';
import { listAt, numberAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

/** Kubernetes' own autoscalers and KEDA's, which makes one of Kubernetes' of each. */
export function autoscalers(cluster: Cluster): readonly KubeObject[] {
  return cluster.ofKind('HorizontalPodAutoscaler', 'ScaledObject');
}

/** The least and the most replicas, with the defaults of each API. */
export function replicaBounds({ kind, value }: KubeObject): { readonly min: number; readonly max: number | undefined } {
  if (kind === 'ScaledObject') {
    return { min: numberAt(value, 'spec.minReplicaCount') ?? 0, max: numberAt(value, 'spec.maxReplicaCount') ?? 100 };
  }
  return { min: numberAt(value, 'spec.minReplicas') ?? 1, max: numberAt(value, 'spec.maxReplicas') };
}

/** Where an autoscaler says how fast it acts. */
export function behaviorPath({ kind }: KubeObject): string {
  return kind === 'ScaledObject' ? 'spec.advanced.horizontalPodAutoscalerConfig.behavior' : 'spec.behavior';
}

/** Resources of all containers of a pod that an autoscaler reads as a share of what they request. */
export function utilisations({ value }: KubeObject): readonly string[] {
  const v1 = numberAt(value, 'spec.targetCPUUtilizationPercentage') === undefined ? [] : ['cpu'];
  const v2 = listAt(value, 'spec.metrics')
    .filter((metric) => numberAt(metric, 'resource.target.averageUtilization') !== undefined)
    .flatMap((metric) => textAt(metric, 'resource.name') ?? []);
  const keda = listAt(value, 'spec.triggers')
    .filter((trigger) => textAt(trigger, 'metricType') === 'Utilization')
    .filter((trigger) => textAt(trigger, 'metadata.containerName') === undefined)
    .flatMap((trigger) => textAt(trigger, 'type') ?? []);
  return [...v1, ...v2, ...keda];
}
