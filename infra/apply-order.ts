import { listAt, mapAt, textAt } from '../constructs/check/field.js';
import type { Cluster } from '../constructs/index.js';
import { clusterOf, type KubeManifest } from './kube-manifest.js';
import { holdsData } from './lasting-data.js';

/** The steps of an apply, and which others must stand before each. Within a step everything is made at once. */
const STEPS = {
  /** What others stand in or are an instance of. */
  foundation: [],
  /** What pods and their traffic are held to. */
  policies: ['foundation'],
  /** What pods read, and whatever else nobody has said more of. */
  config: ['foundation'],
  /** What somebody in the cluster turns into Secrets; whose pods come last, and stores read none of them. */
  certificates: ['foundation'],
  /** Pods with volumes of their own, and the Services that reach them. */
  data: ['policies', 'config'],
  /** Every other pod, and the Services that reach it. */
  workloads: ['data', 'certificates'],
  /** What sends requests to pods, scales them, or makes the API server call them. */
  traffic: ['workloads'],
} as const satisfies Record<string, readonly string[]>;
export type Step = keyof typeof STEPS;
/** In the order of an apply. */
export const STEP_NAMES = Object.keys(STEPS) as Step[];

const KINDS: Readonly<Partial<Record<Step, readonly string[]>>> = {
  foundation: [
    'Namespace',
    'CustomResourceDefinition',
    'PriorityClass',
    'StorageClass',
    'IngressClass',
    'RuntimeClass',
  ],
  policies: [
    ...['ResourceQuota', 'LimitRange', 'NetworkPolicy', 'PodDisruptionBudget'],
    ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
    ...['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy'],
  ],
  certificates: ['Certificate', 'Issuer', 'ClusterIssuer'],
  traffic: [
    ...['HorizontalPodAutoscaler', 'ScaledObject', 'ScaledJob', 'Ingress', 'Gateway', 'VirtualService', 'HTTPRoute'],
    'CanaryRelease',
    // While their pods do not answer, these make the API server fail.
    ...['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  ],
};

/** The step of each object. */
export function applyOrder(manifests: readonly KubeManifest[]): ReadonlyMap<KubeManifest, Step> {
  const cluster = clusterOf(manifests);
  const ofPods = new Map(
    cluster.pods.map(({ owner, spec }): [unknown, Step] => [
      owner.value,
      stepOfPods(owner.value as KubeManifest, spec),
    ]),
  );
  return new Map(
    manifests.map((manifest) => [
      manifest,
      ofPods.get(manifest) ?? stepOfService(manifest, cluster, ofPods) ?? stepOfKind(manifest.kind),
    ]),
  );
}

function stepOfPods(owner: KubeManifest, spec: unknown): Step {
  const isClaim = (volume: unknown) => textAt(volume, 'persistentVolumeClaim.claimName') !== undefined;
  return holdsData(owner) || listAt(spec, 'volumes').some(isClaim) ? 'data' : 'workloads';
}

/**
 * A Service is made together with the pods that it reaches. Pulumi waits for its endpoints: were it made before its pods it would
 * wait in vain for ten minutes, and pods that wait for it would never be made.
 */
function stepOfService(manifest: KubeManifest, cluster: Cluster, ofPods: ReadonlyMap<unknown, Step>): Step | undefined {
  if (manifest.kind !== 'Service') return undefined;
  const selector = mapAt(manifest, 'spec.selector');
  if (Object.keys(selector).length === 0) return undefined;
  const steps = cluster
    .podsWith(manifest.metadata.namespace ?? '', selector)
    .map(({ owner }) => ofPods.get(owner.value));
  return steps.includes('workloads') ? 'workloads' : steps[0];
}

function stepOfKind(kind: string): Step {
  const steps = Object.keys(KINDS) as Step[];
  return steps.find((step) => KINDS[step]?.includes(kind)) ?? 'config';
}

/** The steps that must stand before one, of those that have any object: in the place of an empty one, those before it. */
export function stepsBefore(step: Step, occupied: ReadonlySet<Step>): ReadonlySet<Step> {
  return new Set(
    STEPS[step].flatMap((before) => (occupied.has(before) ? [before] : [...stepsBefore(before, occupied)])),
  );
}
