import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';

/**
 * Lets an endpoint's service account do so much in the platform's namespace, and nothing outside it. cdk8s-plus's `role.bind()` would
 * name the binding after the construct's path.
 */
export function namespacedRole(
  scope: Construct,
  platform: PlatformContext,
  endpoint: Pick<Endpoint, 'name'>,
  rules: readonly k8s.PolicyRule[],
): k8s.KubeRole {
  const metadata = objectMeta(platform, endpoint);
  const role = new k8s.KubeRole(scope, 'role', { metadata, rules: [...rules] });
  new k8s.KubeRoleBinding(scope, 'role-binding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: endpoint.name },
    subjects: [{ kind: 'ServiceAccount', name: endpoint.name, namespace: platform.namespace }],
  });
  return role;
}

/** Reading pods: what service discovery needs. */
export const READ_PODS: k8s.PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };
