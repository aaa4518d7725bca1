import { quantityValue } from '../../constructs/index.js';
import type { PodRequests } from './system.js';

/** The fields of a Deployment or StatefulSet that bear on scheduling and starting. */
export interface KubeWorkload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: KubePodSpec;
    };
    readonly volumeClaimTemplates?: readonly {
      readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
    }[];
  };
}

interface KubeContainer {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly restartPolicy?: string;
  readonly readinessProbe?: { readonly initialDelaySeconds?: number; readonly periodSeconds?: number };
}

interface KubePodSpec {
  readonly containers: readonly KubeContainer[];
  readonly initContainers?: readonly KubeContainer[];
  readonly terminationGracePeriodSeconds?: number;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms: readonly {
          readonly matchExpressions: readonly { readonly key: string; readonly values: readonly string[] }[];
        }[];
      };
    };
  };
}

export function isWorkload(object: unknown): object is KubeWorkload {
  const { kind } = object as { kind?: unknown };
  return kind === 'Deployment' || kind === 'StatefulSet';
}

/** What its containers request together, those that start before the others and stay included. */
export function requestsOf({ spec }: KubeWorkload): PodRequests {
  const { containers, initContainers = [] } = spec.template.spec;
  const counted = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const sum = (resource: string) =>
    counted.reduce((total, { resources }) => total + (quantityValue(resources?.requests?.[resource]) ?? 0), 0);
  return { cpuMilli: Math.round(sum('cpu') * 1000), memoryBytes: sum('memory') };
}

/** Cores that the main container may use. */
export function coreLimit({ spec }: KubeWorkload): number {
  return quantityValue(spec.template.spec.containers[0]?.resources?.limits?.cpu) ?? Number.POSITIVE_INFINITY;
}

/** Labels that its nodes must carry. */
export function nodeLabels({ spec }: KubeWorkload): Readonly<Record<string, string>> {
  const [term] =
    spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return Object.fromEntries((term?.matchExpressions ?? []).map(({ key, values }) => [key, values[0] ?? '']));
}

/** From a process that listens to a pod that is ready: the first probe comes after its delay, at a multiple of its period. */
export function readinessSeconds({ spec }: KubeWorkload): number {
  const probe = spec.template.spec.containers[0]?.readinessProbe;
  return (probe?.initialDelaySeconds ?? 0) + (probe?.periodSeconds ?? 10) / 2;
}

export function hasSidecar({ spec }: KubeWorkload): boolean {
  return spec.template.metadata.labels?.['sidecar.istio.io/inject'] === 'true';
}

export function storageBytes({ spec }: KubeWorkload): number {
  const claims = spec.volumeClaimTemplates ?? [];
  return claims.reduce((total, claim) => total + (quantityValue(claim.spec.resources.requests.storage) ?? 0), 0);
}
