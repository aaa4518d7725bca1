import { Cluster } from '../constructs/index.js';

/** A Kubernetes object as it was synthesised. */
export interface KubeManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** Absent where the object belongs to the whole cluster. */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The objects as the kit's rules look them up; `value` of each is the manifest itself. */
export function clusterOf(manifests: readonly KubeManifest[]): Cluster {
  return new Cluster(manifests.map((value) => ({ value })));
}

/** The manifest with one more annotation. */
export function annotated(manifest: KubeManifest, annotation: string, value: string): KubeManifest {
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [annotation]: value } },
  };
}
