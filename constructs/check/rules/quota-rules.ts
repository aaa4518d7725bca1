import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt } from '../field.js';
import type { Rule } from '../finding.js';
import { nearMiss } from '../near-miss.js';
import { objectRule, podRule } from './rule-forms.js';

/** What a quota makes every container state, by the name that it has there. */
const STATED = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory', 'cpu', 'memory'] as const;

/** What a quota may bound (kubernetes.io, "Resource Quotas"); others have a domain before them, or a class behind. */
const BOUNDED = [
  ...STATED,
  ...[
    'pods',
    'services',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'replicationcontrollers',
    'resourcequotas',
  ],
  ...['requests.storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage', 'ephemeral-storage'],
  ...['services.loadbalancers', 'services.nodeports'],
];

/** What containers without a word of it are given by a LimitRange; a default limit is a request, too. */
function defaults(cluster: Cluster, namespace: string, side: string, resource: string): boolean {
  const fields = side === 'limits' ? ['default', 'max'] : ['defaultRequest', 'default', 'max'];
  return cluster
    .ofKind('LimitRange')
    .filter((range) => range.namespace === namespace)
    .flatMap(({ value }) => listAt(value, 'spec.limits'))
    .filter((limit) => at(limit, 'type') === 'Container')
    .some((limit) => fields.some((field) => at(limit, `${field}.${resource}`) !== undefined));
}

export const quotaRules: readonly Rule[] = [
  podRule({
    id: 'quota-wants-resources',
    severity: 'error',
    why: 'Where a quota bounds a resource, a pod that does not state it is never made.',
    fix: 'state it for every container, or give it a default by a LimitRange.',
    violation: ({ namespace, containers }, cluster) =>
      cluster
        .ofKind('ResourceQuota')
        .filter((quota) => quota.namespace === namespace)
        .filter(
          ({ value }) => listAt(value, 'spec.scopes').length === 0 && at(value, 'spec.scopeSelector') === undefined,
        )
        .flatMap((quota) =>
          STATED.filter((name) => mapAt(quota.value, 'spec.hard')[name] !== undefined).flatMap((name) => {
            const [side, resource] = name.includes('.') ? (name.split('.') as [string, string]) : ['requests', name];
            if (defaults(cluster, namespace, side, resource)) return [];
            const without = containers.filter(({ fields }) =>
              (side === 'limits' ? ['limits'] : ['requests', 'limits']).every(
                (one) => mapAt(fields, `resources.${one}`)[resource] === undefined,
              ),
            );
            return without.map(
              (one) => `container "${one.name}" states no ${side}.${resource}, which ${quota.title} bounds.`,
            );
          }),
        ),
  }),
  objectRule({
    kinds: ['ResourceQuota'],
    id: 'unknown-quota',
    severity: 'error',
    why: 'The API server refuses a quota of what it does not count.',
    fix: 'write the name as Kubernetes has it.',
    violation: ({ value }) =>
      Object.keys(mapAt(value, 'spec.hard')).flatMap((name) => {
        const meant = nearMiss(name, BOUNDED);
        return meant === undefined ? [] : [`spec.hard has "${name}", which is nearly ${meant}.`];
      }),
  }),
];
