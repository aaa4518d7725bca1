import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const FIX = `label the namespace ${ENFORCE}: restricted, and put what needs more into a namespace of its own.`;

export const namespaceRules: readonly Rule[] = [
  objectRule({
    kinds: ['Namespace'],
    id: 'pod-security-level',
    severity: 'error',
    why: 'At the level privileged Pod Security refuses nothing, and of a level that it does not know the API server refuses the namespace.',
    fix: FIX,
    violation: ({ labels }) => {
      const level = labels[ENFORCE];
      return (
        level !== undefined &&
        level !== 'restricted' &&
        level !== 'baseline' &&
        `${ENFORCE} is ${JSON.stringify(level)}.`
      );
    },
  }),
  objectRule({
    kinds: ['Namespace'],
    id: 'no-pod-security',
    severity: 'warning',
    why: 'What somebody adds later to a namespace without a level may be root on its node.',
    fix: FIX,
    violation: ({ name, labels }, cluster) =>
      cluster.pods.some(({ namespace }) => namespace === name) &&
      labels[ENFORCE] === undefined &&
      `it holds pods, and has no label ${ENFORCE}.`,
  }),
];
