import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PodManifest } from './pod-demand.js';

/** The pods of one workload, at the most that there can be of them. */
export interface PodGroup {
  readonly name: string;
  /** Construct path of the workload. */
  readonly path: string;
  /** Construct path of what scales it. Absent where the number is stated. */
  readonly scaledBy?: string;
  readonly replicas: number;
  /** Share of the replicas, or their number, that an update adds for a while. */
  readonly maxSurge: string | number;
  readonly pod: PodManifest;
}

interface WorkloadManifest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxSurge?: string | number } };
    readonly template: PodManifest;
    readonly jobTemplate?: { readonly spec: WorkloadManifest['spec'] };
    readonly scaleTargetRef?: { readonly name: string };
    readonly maxReplicas?: number;
    readonly maxReplicaCount?: number;
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'Job', 'CronJob'];
const SCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];
/** What Kubernetes does where a Deployment says nothing. */
const DEFAULT_SURGE = '25%';

/** Every workload below a construct, as its manifest stands: whoever wrote it, and whatever patched it. */
export function podGroupsIn(scope: IConstruct): readonly PodGroup[] {
  const objects = scope.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
  const read = (kinds: readonly string[]) =>
    objects.filter(({ kind }) => kinds.includes(kind)).map((object) => ({ object, manifest: readManifest(object) }));
  const scalers = new Map(read(SCALERS).map((one) => [one.manifest.spec.scaleTargetRef?.name, one]));
  return read(WORKLOADS).map(({ object, manifest }) => {
    const { name } = manifest.metadata;
    const spec = manifest.spec.jobTemplate?.spec ?? manifest.spec;
    const scaler = object.kind === 'Deployment' ? scalers.get(name) : undefined;
    const most = scaler?.manifest.spec.maxReplicas ?? scaler?.manifest.spec.maxReplicaCount;
    return {
      name,
      path: ownerOf(object),
      ...(scaler && { scaledBy: ownerOf(scaler.object) }),
      replicas: most ?? spec.replicas ?? spec.parallelism ?? 1,
      maxSurge: object.kind === 'Deployment' ? surgeOf(spec) : 0,
      pod: spec.template,
    };
  });
}

const lastRead = new WeakMap<ApiObject, WorkloadManifest>();

function readManifest(object: ApiObject): WorkloadManifest {
  const manifest = object.toJson() as WorkloadManifest;
  lastRead.set(object, manifest);
  return manifest;
}

/**
 * The manifest of an object, as {@link podGroupsIn} read it last if it did: for whoever writes it right after a validation, in which
 * the pods are counted. The larger part of a synthesis is making manifests of objects, and workloads are the largest.
 */
export function manifestAsCounted(object: ApiObject): unknown {
  return lastRead.get(object) ?? object.toJson();
}

/** Pods that there are at once, in the middle of an update of so many replicas. */
export function podsDuringUpdate(replicas: number, maxSurge: string | number): number {
  const surge = typeof maxSurge === 'number' ? maxSurge : Math.ceil((replicas * Number.parseFloat(maxSurge)) / 100);
  return replicas + surge;
}

function surgeOf({ strategy }: WorkloadManifest['spec']): string | number {
  return strategy?.type === 'Recreate' ? 0 : (strategy?.rollingUpdate?.maxSurge ?? DEFAULT_SURGE);
}

/** The construct that a user wrote, rather than the object inside it. */
function ownerOf(object: ApiObject): string {
  return object.node.scope?.node.path ?? object.node.path;
}
