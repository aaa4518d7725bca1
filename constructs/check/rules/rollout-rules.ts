import { at, numberAt } from '../field.js';
import type { Rule } from '../finding.js';
import { budgetsOf } from './disruption-rules.js';
import { objectRule, podRule } from './rule-forms.js';

function isNone(value: unknown): boolean {
  return value === 0 || value === '0' || value === '0%';
}

export const rolloutRules: readonly Rule[] = [
  objectRule({
    kinds: ['Deployment'],
    id: 'stuck-rollout',
    severity: 'error',
    why: 'An update that may neither add a pod nor take one away, or is given up before a pod counts as available, never ends.',
    fix: 'set maxSurge to 25% and maxUnavailable to 0, and progressDeadlineSeconds above minReadySeconds.',
    violation: ({ value }) => {
      const { maxSurge, maxUnavailable } = {
        maxSurge: at(value, 'spec.strategy.rollingUpdate.maxSurge'),
        maxUnavailable: at(value, 'spec.strategy.rollingUpdate.maxUnavailable'),
      };
      const ready = numberAt(value, 'spec.minReadySeconds') ?? 0;
      const deadline = numberAt(value, 'spec.progressDeadlineSeconds') ?? 600;
      return [
        ...(isNone(maxSurge) && isNone(maxUnavailable) ? ['maxSurge and maxUnavailable are both 0.'] : []),
        ...(ready >= deadline ? [`minReadySeconds is ${ready}, and progressDeadlineSeconds ${deadline}.`] : []),
      ];
    },
  }),
  objectRule({
    kinds: ['Deployment'],
    id: 'no-rollback',
    severity: 'warning',
    why: 'Without an old ReplicaSet `kubectl rollout undo` has nothing to go back to.',
    fix: 'leave revisionHistoryLimit out, or set it to 2 or more.',
    violation: ({ value }) => numberAt(value, 'spec.revisionHistoryLimit') === 0 && 'revisionHistoryLimit is 0.',
  }),
  objectRule({
    kinds: ['PodDisruptionBudget'],
    id: 'pdb-both-bounds',
    severity: 'error',
    why: 'The API server refuses a budget with both minAvailable and maxUnavailable.',
    fix: 'keep maxUnavailable.',
    violation: ({ value }) => {
      const [least, most] = ['minAvailable', 'maxUnavailable'].map((field) => at(value, `spec.${field}`) ?? undefined);
      return (
        least !== undefined &&
        most !== undefined &&
        `minAvailable is ${String(least)}, and maxUnavailable ${String(most)}.`
      );
    },
  }),
  podRule({
    id: 'two-disruption-budgets',
    severity: 'error',
    why: 'The API server evicts no pod that two budgets select: every drain of its node fails.',
    fix: 'narrow their selectors, so that one budget has each pod.',
    violation: (pod, cluster) => {
      const budgets = budgetsOf(cluster, pod).map(({ title }) => title);
      return budgets.length > 1 && `${budgets.join(' and ')} select its pods.`;
    },
  }),
];
