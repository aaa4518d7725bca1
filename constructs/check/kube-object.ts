import { type Fields, mapAt, textAt } from './field.js';

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

export function kubeObject(source: Manifest): KubeObject {
  const { value } = source;
  const apiVersion = textAt(value, 'apiVersion') ?? '';
  const kind = textAt(value, 'kind') ?? '';
  const name = textAt(value, 'metadata.name') ?? textAt(value, 'metadata.generateName') ?? '';
  const namespace = textAt(value, 'metadata.namespace');
  return {
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    name,
    namespace: namespace ?? DEFAULT_NAMESPACE,
    labels: mapAt(value, 'metadata.labels'),
    value,
    source,
    title: [kind, namespace, name].filter((part) => part !== undefined).join('/'),
  };
}
