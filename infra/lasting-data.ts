import { listAt } from '../constructs/check/field.js';
import type { KubeManifest } from './kube-manifest.js';

/** Whether an object is, or makes, volumes whose content nobody can make again. */
export function holdsData(manifest: KubeManifest): boolean {
  return manifest.kind === 'PersistentVolumeClaim' || listAt(manifest, 'spec.volumeClaimTemplates').length > 0;
}

/**
 * What must outlive a mistaken `pulumi destroy`: whatever holds data, and its namespace, for a namespace that goes takes every
 * volume in it along.
 */
export function lastingData(manifests: readonly KubeManifest[]): ReadonlySet<KubeManifest> {
  const data = manifests.filter(holdsData);
  const namespaces = new Set(data.map(({ metadata }) => metadata.namespace));
  return new Set([
    ...data,
    ...manifests.filter(({ kind, metadata }) => kind === 'Namespace' && namespaces.has(metadata.name)),
  ]);
}
