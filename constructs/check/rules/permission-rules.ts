import { listAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

/** Verbs of requests to the API server, and those that admission and RBAC itself ask for. */
const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  ...['use', 'bind', 'escalate', 'impersonate', 'approve', 'sign', 'attest', 'proxy'],
];

/** Addresses that are no resource are asked for by the methods of HTTP. */
const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', '*'];

/** Resources of Kubernetes' own groups; of others nobody can know them all. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...[
      'bindings',
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'nodes',
      'persistentvolumeclaims',
    ],
    ...['persistentvolumes', 'pods', 'podtemplates', 'replicationcontrollers', 'resourcequotas', 'secrets'],
    ...['serviceaccounts', 'services', 'componentstatuses'],
    // Named by their kind where impersonation asks.
    ...['users', 'groups'],
  ],
  apps: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  batch: ['cronjobs', 'jobs'],
  autoscaling: ['horizontalpodautoscalers'],
  'coordination.k8s.io': ['leases'],
  'networking.k8s.io': [...['ingresses', 'ingressclasses', 'networkpolicies', 'ipaddresses', 'servicecidrs']],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
  policy: ['poddisruptionbudgets', 'podsecuritypolicies'],
};

/** Core is the group without a name, and a group is written without its version. */
function isGroup(group: string): boolean {
  return group === '' || group === '*' || (!group.includes('/') && !['v1', 'core', 'apps/v1'].includes(group));
}

export const permissionRules: readonly Rule[] = [
  objectRule({
    kinds: ['Role', 'ClusterRole'],
    id: 'unknown-permission',
    severity: 'error',
    why: 'RBAC takes every word, and a rule on what there is not allows nothing: the process gets 403.',
    fix: "name a group without its version ('' is the core group), resources in the plural and in lower case, and verbs such as get, list, watch.",
    violation: ({ value }) =>
      listAt(value, 'rules').flatMap((rule) => {
        const groups = textsAt(rule, 'apiGroups');
        const known = groups.flatMap((group) => RESOURCES[group] ?? ['*']);
        const resources = textsAt(rule, 'resources').filter((resource) => {
          const [name = ''] = resource.split('/');
          return name !== '*' && !known.includes('*') && !known.includes(name);
        });
        return [
          ...groups.filter((group) => !isGroup(group)).map((group) => `it names the API group "${group}".`),
          ...(groups.every(isGroup) ? resources : []).map(
            (resource) =>
              `it names the resource "${resource}", which ${groups.map((one) => `"${one}"`).join(', ')} has not.`,
          ),
          ...textsAt(rule, 'verbs')
            .filter((verb) => !(listAt(rule, 'nonResourceURLs').length > 0 ? METHODS : VERBS).includes(verb))
            .map((verb) => `it names the verb "${verb}".`),
        ];
      }),
  }),
];
