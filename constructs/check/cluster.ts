import { type Fields, textAt } from './field.js';
import { DEFAULT_NAMESPACE, type KubeObject, kubeObject, type Manifest } from './kube-object.js';
import { isClusterWide } from './kubernetes-kinds.js';
import { hasLabels, selects } from './label-selector.js';
import { type PodTemplate, podTemplateOf } from './pod-template.js';

/** Every object of a set of manifests, as rules look them up. */
export class Cluster {
  readonly objects: readonly KubeObject[];
  readonly pods: readonly PodTemplate[];
  private readonly byKind: ReadonlyMap<string, readonly KubeObject[]>;
  private readonly namespaces: ReadonlySet<string>;

  constructor(manifests: readonly Manifest[]) {
    this.objects = manifests.map(kubeObject);
    this.pods = this.objects.flatMap((object) => podTemplateOf(object) ?? []);
    this.byKind = groupedByKind(this.objects);
    this.namespaces = new Set(this.objects.flatMap(({ kind, namespace }) => (isClusterWide(kind) ? [] : namespace)));
  }

  ofKind(...kinds: readonly string[]): readonly KubeObject[] {
    return kinds.flatMap((kind) => this.byKind.get(kind) ?? []);
  }

  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.ofKind(kind).find((object) => object.name === name && object.namespace === namespace);
  }

  /** By name alone, for what belongs to the whole cluster. */
  findClusterWide(kind: string, name: string): KubeObject | undefined {
    return this.ofKind(kind).find((object) => object.name === name);
  }

  /**
   * Whether the set says what a namespace holds. Of one that it never mentions nothing can be missing, nor of Kubernetes' own,
   * which hold what no manifest shows.
   */
  covers(namespace: string): boolean {
    return this.namespaces.has(namespace) && !namespace.startsWith('kube-');
  }

  /** Whether a Service is missing. The API server's own is in every cluster. */
  lacksService(namespace: string, name: string): boolean {
    const isApiServer = namespace === DEFAULT_NAMESPACE && name === 'kubernetes';
    return this.covers(namespace) && !isApiServer && this.find('Service', namespace, name) === undefined;
  }

  /** Pods that a Service with such a selector sends to. */
  podsWith(namespace: string, labels: Fields): readonly PodTemplate[] {
    return this.pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, labels));
  }

  /** Pods that a LabelSelector takes. */
  podsSelected(namespace: string, selector: unknown): readonly PodTemplate[] {
    return this.pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels));
  }

  /** The object that an autoscaler's `scaleTargetRef` names. */
  scaleTarget(autoscaler: KubeObject): KubeObject | undefined {
    const kind = textAt(autoscaler.value, 'spec.scaleTargetRef.kind') ?? 'Deployment';
    const name = textAt(autoscaler.value, 'spec.scaleTargetRef.name') ?? '';
    return this.find(kind, autoscaler.namespace, name);
  }
}

function groupedByKind(objects: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const group = groups.get(object.kind);
    if (group) group.push(object);
    else groups.set(object.kind, [object]);
  }
  return groups;
}
