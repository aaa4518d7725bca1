import { listAt, textsAt } from '../constructs/check/field.js';
import type { KubeManifest } from './kube-manifest.js';

const WRITES = ['patch', 'update', '*'];

/** Paths of the weights that a canary controller moves, by VirtualService: those of routes with a choice of destinations, where anybody may. */
export function movedWeights(manifests: readonly KubeManifest[]): ReadonlyMap<KubeManifest, readonly string[]> {
  const roles = manifests.filter(mayMoveRoutes);
  return new Map(
    manifests
      .filter(({ kind }) => kind === 'VirtualService')
      .filter(({ metadata }) => roles.some((role) => reaches(role, metadata.namespace)))
      .map((manifest) => [manifest, splitWeights(manifest)] as const)
      .filter(([, paths]) => paths.length > 0),
  );
}

function mayMoveRoutes({ kind, rules }: KubeManifest): boolean {
  if (!['Role', 'ClusterRole'].includes(kind)) return false;
  return listAt({ rules }, 'rules').some(
    (rule) =>
      textsAt(rule, 'apiGroups').some((group) => ['networking.istio.io', '*'].includes(group)) &&
      textsAt(rule, 'resources').some((resource) => ['virtualservices', '*'].includes(resource)) &&
      textsAt(rule, 'verbs').some((verb) => WRITES.includes(verb)),
  );
}

function reaches({ kind, metadata }: KubeManifest, namespace: string | undefined): boolean {
  return kind === 'ClusterRole' || metadata.namespace === namespace;
}

function splitWeights(manifest: KubeManifest): readonly string[] {
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    listAt(manifest, `spec.${protocol}`).flatMap((rule, i) => {
      const destinations = listAt(rule, 'route');
      return destinations.length < 2 ? [] : destinations.map((_, j) => `spec.${protocol}[${i}].route[${j}].weight`);
    }),
  );
}
