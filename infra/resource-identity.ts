import type { KubeManifest } from './kube-manifest.js';
import { typeToken } from './type-token.js';

/** What Pulumi knows a resource by. Its URN is made of `type` and `name`, so both may depend on nothing but what the object is. */
export interface ResourceIdentity {
  readonly type: string;
  readonly name: string;
  /** Types that the same object may stand under in an older state. */
  readonly formerTypes: readonly string[];
}

/** Versions that APIs go through. The Horizontal Pod Autoscaler has gone through the most. */
const VERSIONS = [
  ...['v1alpha1', 'v1alpha2', 'v1alpha3', 'v1beta1', 'v1beta2', 'v1beta3', 'v1'],
  ...['v2alpha1', 'v2beta1', 'v2beta2', 'v2'],
];

/**
 * The identity of an object: its kind, namespace and name, and never the construct that made it. So a construct may move, and an
 * API may leave its beta, without the object being deleted and made again.
 */
export function resourceIdentity({ apiVersion, kind, metadata }: KubeManifest): ResourceIdentity {
  const { name, namespace } = metadata;
  // With its slash; empty for the core group, which has had one version only.
  const group = apiVersion.slice(0, apiVersion.lastIndexOf('/') + 1);
  const versions = VERSIONS.map((version) => group + version);
  return {
    type: typeToken(apiVersion, kind),
    name: namespace === undefined ? name : `${namespace}/${name}`,
    formerTypes:
      group === '' ? [] : versions.filter((former) => former !== apiVersion).map((former) => typeToken(former, kind)),
  };
}
