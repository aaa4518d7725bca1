import type { Cluster } from '../cluster.js';
import { listAt, textAt, textsAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';

const BUILT_IN_CLUSTER_ROLES = ['cluster-admin', 'admin', 'edit', 'view'];

/** Roles that allow one of the verbs on a resource of the core group, without saying on which objects. */
function rolesAllowing(cluster: Cluster, resource: string, verbs: readonly string[]): Problem[] {
  return cluster.ofKind('Role', 'ClusterRole').flatMap((role) => {
    const allowed = listAt(role.value, 'rules').flatMap((rule) => {
      const isMeant =
        takes(textsAt(rule, 'apiGroups'), '') &&
        takes(textsAt(rule, 'resources'), resource) &&
        listAt(rule, 'resourceNames').length === 0;
      return isMeant ? textsAt(rule, 'verbs').filter((verb) => verb === '*' || verbs.includes(verb)) : [];
    });
    if (allowed.length === 0) return [];
    return [
      {
        object: role,
        message: `it allows ${[...new Set(allowed)].join(', ')} on all ${resource}.`,
        fix: `leave ${resource} out (\`*\` includes them), or name the objects in resourceNames.`,
      },
    ];
  });
}

function takes(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

export const accessRules: readonly Rule[] = [
  {
    id: 'non-existent-role',
    severity: 'error',
    why: 'A binding to a role that is missing allows nothing. A ClusterRole is looked up only if the manifests hold one.',
    find: (cluster) =>
      cluster.ofKind('RoleBinding', 'ClusterRoleBinding').flatMap((binding) => {
        const kind = textAt(binding.value, 'roleRef.kind') ?? 'Role';
        const name = textAt(binding.value, 'roleRef.name') ?? '';
        const isThere =
          kind === 'Role'
            ? !cluster.covers(binding.namespace) || cluster.find('Role', binding.namespace, name)
            : cluster.ofKind('ClusterRole').length === 0 ||
              name.startsWith('system:') ||
              BUILT_IN_CLUSTER_ROLES.includes(name) ||
              cluster.findClusterWide('ClusterRole', name);
        if (isThere) return [];
        return [
          {
            object: binding,
            message: `roleRef names the ${kind} "${name}", which is not among the manifests.`,
            fix: `add the ${kind}, or correct the name.`,
          },
        ];
      }),
  },
  {
    id: 'non-existent-subject',
    severity: 'error',
    why: 'A binding to a ServiceAccount that is missing allows nobody.',
    find: (cluster) =>
      cluster.ofKind('RoleBinding', 'ClusterRoleBinding').flatMap((binding) =>
        listAt(binding.value, 'subjects').flatMap((subject): Problem[] => {
          const name = textAt(subject, 'name') ?? '';
          const namespace = textAt(subject, 'namespace') ?? binding.namespace;
          if (textAt(subject, 'kind') !== 'ServiceAccount' || name === 'default') return [];
          if (!cluster.covers(namespace) || cluster.find('ServiceAccount', namespace, name)) return [];
          return [
            {
              object: binding,
              message: `subjects names the ServiceAccount "${namespace}/${name}", which is not among the manifests.`,
              fix: 'add the ServiceAccount, or correct name and namespace.',
            },
          ];
        }),
      ),
  },
  {
    id: 'access-to-secrets',
    severity: 'error',
    why: 'Who reads every Secret of a namespace has the rights of everybody in it.',
    find: (cluster) => rolesAllowing(cluster, 'secrets', ['get', 'list', 'watch']),
  },
  {
    id: 'access-to-create-pods',
    severity: 'error',
    why: 'Who creates pods may mount every Secret and use every ServiceAccount of the namespace.',
    find: (cluster) => rolesAllowing(cluster, 'pods', ['create']),
  },
  {
    id: 'cluster-admin-role-binding',
    severity: 'error',
    why: 'cluster-admin may do everything, everywhere.',
    find: (cluster) =>
      cluster
        .ofKind('RoleBinding', 'ClusterRoleBinding')
        .filter(({ value }) => textAt(value, 'roleRef.name') === 'cluster-admin')
        .map((binding) => ({
          object: binding,
          message: 'roleRef names cluster-admin.',
          fix: 'bind a role with only the resources and verbs that are needed.',
        })),
  },
];
