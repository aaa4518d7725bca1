import { at, mapAt } from '../field.js';
import type { Rule } from '../finding.js';
import { isEmptySelector, labelText, selectorText, selects } from '../label-selector.js';
import { podRule } from './pod-rule.js';

/** Their selectors must take their own pods. Those of jobs are filled in by the API server. */
const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

export const selectorRules: readonly Rule[] = [
  podRule(
    {
      id: 'mismatching-selector',
      severity: 'error',
      why: 'The API server refuses a workload that does not select its own pods.',
    },
    ({ owner, labels }) => {
      const selector = at(owner.value, 'spec.selector');
      if (!OWNERS.includes(owner.kind) || (!isEmptySelector(selector) && selects(selector, labels))) return undefined;
      return {
        message: `spec.selector (${selectorText(selector) || 'empty'}) does not take its own pods, labelled ${labelText(labels) || 'with nothing'}.`,
        fix: 'repeat the matchLabels in spec.template.metadata.labels.',
      };
    },
  ),
  {
    id: 'dangling-disruption-budget',
    severity: 'error',
    why: 'A PodDisruptionBudget that selects no pod protects none.',
    find: (cluster) =>
      cluster
        .ofKind('PodDisruptionBudget')
        .map((budget) => ({ budget, selector: at(budget.value, 'spec.selector') }))
        .filter(({ budget, selector }) => cluster.podsSelected(budget.namespace, selector).length === 0)
        .map(({ budget, selector }) => ({
          object: budget,
          message: `no pod of namespace "${budget.namespace}" is taken by the selector ${selectorText(selector) || '(empty)'}.`,
          fix: 'make spec.selector equal to labels of the pods to protect.',
        })),
  },
  {
    id: 'dangling-network-policy',
    severity: 'warning',
    why: 'A NetworkPolicy that selects no pod restricts none.',
    find: (cluster) =>
      cluster
        .ofKind('NetworkPolicy')
        .filter(({ group }) => group === 'networking.k8s.io')
        .map((policy) => ({ policy, selector: mapAt(policy.value, 'spec.podSelector') }))
        .filter(({ selector }) => !isEmptySelector(selector))
        .filter(({ policy, selector }) => cluster.podsSelected(policy.namespace, selector).length === 0)
        .map(({ policy, selector }) => ({
          object: policy,
          message: `no pod of namespace "${policy.namespace}" is taken by the podSelector ${selectorText(selector)}.`,
          fix: 'make spec.podSelector equal to labels of the pods to restrict, or delete the policy.',
        })),
  },
];
