import { type Fields, mapAt, textAt } from './field.js';
import { kubernetesKinds } from './kubernetes-kinds.js';

/** A Kubernetes object as it was read or synthesised, and where it comes from. */
export interface Manifest {
  readonly value: Fields;
  readonly file?: string;
  readonly constructPath?: string;
  /** The line of code that made the construct. */
  readonly sourceLine?: string | undefined;
}

/** What rules know of an object besides its own fields. */
export interface KubeObject {
  /** API group, without the version; empty for the core group. */
  readonly group: string;
  /** With its group behind it where Kubernetes has another of the name, as kubectl writes it: `Service.serving.knative.dev`. */
  readonly kind: string;
  readonly name: string;
  /** `default` where the manifest states none. Without meaning for what belongs to the whole cluster. */
  readonly namespace: string;
  readonly labels: Fields;
  readonly value: Fields;
  readonly source: Manifest;
  /** `Kind/namespace/name`, for messages. */
  readonly title: string;
}

export const DEFAULT_NAMESPACE = 'default';

/** How messages call a namespace that an object means: who states none goes wherever it is applied, which nobody can tell here. */
export function placeText({ value }: Pick<KubeObject, 'value'>, namespace: string): string {
  const isOwn = textAt(value, 'metadata.namespace') === undefined && namespace === DEFAULT_NAMESPACE;
  return isOwn ? 'the namespace that it is applied to' : `namespace "${namespace}"`;
}

const KINDS = new Set(Object.values(kubernetesKinds).flat());

/** Whether its kind only has the name of one of Kubernetes' own: Knative has a Service, Volcano a Job, Calico a NetworkPolicy. */
export function isNamesake({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return kind.includes('.');
}

export function kubeObject(source: Manifest): KubeObject {
  const { value } = source;
  const apiVersion = textAt(value, 'apiVersion') ?? '';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const stated = textAt(value, 'kind') ?? '';
  const isOwn = !group.includes('.') || group.endsWith('.k8s.io');
  const kind = KINDS.has(stated) && !isOwn ? `${stated}.${group}` : stated;
  const name = textAt(value, 'metadata.name') ?? textAt(value, 'metadata.generateName') ?? '';
  const namespace = textAt(value, 'metadata.namespace');
  return {
    group,
    kind,
    name,
    namespace: namespace ?? DEFAULT_NAMESPACE,
    labels: mapAt(value, 'metadata.labels'),
    value,
    source,
    title: [kind, namespace, name].filter((part) => part !== undefined).join('/'),
  };
}
