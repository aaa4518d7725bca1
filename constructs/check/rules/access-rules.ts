import { listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { placeText } from '../kube-object.js';
import { objectRule } from './rule-forms.js';

const BUILT_IN_CLUSTER_ROLES = ['cluster-admin', 'admin', 'edit', 'view'];
const EVERYBODY = ['system:anonymous', 'system:unauthenticated', 'system:authenticated'];
const ROLES = ['Role', 'ClusterRole'];
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];

/** Refuses roles that allow one of the verbs on a resource of the core group, without saying on which objects. */
function accessRule(id: string, resource: string, verbs: readonly string[], why: string): Rule {
  return objectRule({
    kinds: ROLES,
    id,
    severity: 'error',
    why,
    fix: `leave ${resource} out (\`*\` includes them), or name the objects in resourceNames.`,
    violation: ({ value }) => {
      const allowed = listAt(value, 'rules')
        .filter((rule) => takes(textsAt(rule, 'apiGroups'), '') && takes(textsAt(rule, 'resources'), resource))
        .filter((rule) => listAt(rule, 'resourceNames').length === 0)
        .flatMap((rule) => textsAt(rule, 'verbs').filter((verb) => verb === '*' || verbs.includes(verb)));
      return allowed.length > 0 && `it allows ${[...new Set(allowed)].join(', ')} on all ${resource}.`;
    },
  });
}

function takes(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

export const accessRules: readonly Rule[] = [
  objectRule({
    kinds: BINDINGS,
    id: 'non-existent-role',
    severity: 'error',
    why: 'A binding to a role that is missing allows nothing. A ClusterRole is looked up only if the manifests hold one.',
    fix: 'add the role, or correct kind and name.',
    violation: (binding, cluster) => {
      const kind = textAt(binding.value, 'roleRef.kind') ?? 'Role';
      const name = textAt(binding.value, 'roleRef.name') ?? '';
      const isThere =
        kind === 'Role'
          ? !cluster.covers(binding.namespace) || cluster.find('Role', binding.namespace, name)
          : cluster.ofKind('ClusterRole').length === 0 ||
            name.startsWith('system:') ||
            BUILT_IN_CLUSTER_ROLES.includes(name) ||
            cluster.findClusterWide('ClusterRole', name);
      return !isThere && `roleRef names the ${kind} "${name}", which is not among the manifests.`;
    },
  }),
  objectRule({
    kinds: BINDINGS,
    id: 'non-existent-subject',
    severity: 'error',
    why: 'A binding to a ServiceAccount that is missing allows nobody.',
    fix: 'add the ServiceAccount, or correct name and namespace.',
    violation: (binding, cluster) =>
      listAt(binding.value, 'subjects').flatMap((subject) => {
        const name = textAt(subject, 'name') ?? '';
        const namespace = textAt(subject, 'namespace') ?? binding.namespace;
        const isStated = textAt(subject, 'namespace') !== undefined || binding.kind === 'RoleBinding';
        if (textAt(subject, 'kind') !== 'ServiceAccount' || name === 'default' || !isStated) return [];
        if (!cluster.covers(namespace) || cluster.find('ServiceAccount', namespace, name)) return [];
        return [`subjects names the ServiceAccount "${name}", which is not in ${placeText(binding, namespace)}.`];
      }),
  }),
  objectRule({
    kinds: ['ClusterRoleBinding'],
    id: 'subject-without-namespace',
    severity: 'error',
    why: 'The API server refuses a ServiceAccount without its namespace where the binding has none itself.',
    fix: 'add the namespace to the subject.',
    violation: ({ value }) =>
      listAt(value, 'subjects')
        .filter((subject) => textAt(subject, 'kind') === 'ServiceAccount' && textAt(subject, 'namespace') === undefined)
        .map((subject) => `subjects names the ServiceAccount "${textAt(subject, 'name') ?? ''}" without a namespace.`),
  }),
  objectRule({
    kinds: BINDINGS,
    id: 'access-for-everybody',
    severity: 'error',
    why: 'Whoever reaches the API server, with or without a token, has the rights of the role.',
    fix: 'name the ServiceAccounts or groups that need them.',
    violation: ({ name, value }) =>
      // Kubernetes’ own, which it makes itself.
      !name.startsWith('system:') &&
      listAt(value, 'subjects')
        .flatMap((subject) => textAt(subject, 'name') ?? [])
        .filter((subject) => EVERYBODY.includes(subject))
        .map((subject) => `subjects names ${subject}.`),
  }),
  accessRule(
    'access-to-secrets',
    'secrets',
    ['get', 'list', 'watch'],
    'Who reads every Secret of a namespace has the rights of everybody in it.',
  ),
  accessRule(
    'access-to-create-pods',
    'pods',
    ['create'],
    'Who creates pods may mount every Secret and use every ServiceAccount of the namespace.',
  ),
  objectRule({
    kinds: BINDINGS,
    id: 'cluster-admin-role-binding',
    severity: 'error',
    why: 'cluster-admin may do everything, everywhere.',
    fix: 'bind a role with only the resources and verbs that are needed.',
    violation: ({ value }) => textAt(value, 'roleRef.name') === 'cluster-admin' && 'roleRef names cluster-admin.',
  }),
];
