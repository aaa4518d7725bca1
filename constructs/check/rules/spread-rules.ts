import { at, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { selectorText, selects } from '../label-selector.js';
import { podRule } from './rule-forms.js';

/** What tells nodes and places apart (kubernetes.io, "Well-Known Labels"). */
const TOPOLOGY_KEYS = [
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
];
/** Nodes have these too: by what runs on them, and by older names of zone and region. */
const OTHER_KEYS = [
  ...['kubernetes.io/arch', 'kubernetes.io/os', 'node.kubernetes.io/windows-build'],
  ...['failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region'],
];

/** Everything by which a pod keeps away from its like. */
function spreads(spec: unknown) {
  const antiAffinity = 'affinity.podAntiAffinity';
  return [
    ...listAt(spec, 'topologySpreadConstraints').map((term) => ({ what: 'topologySpreadConstraints', term })),
    ...listAt(spec, `${antiAffinity}.requiredDuringSchedulingIgnoredDuringExecution`).map((term) => ({
      what: 'terms of its podAntiAffinity',
      term,
    })),
    ...listAt(spec, `${antiAffinity}.preferredDuringSchedulingIgnoredDuringExecution`).map((one) => ({
      what: 'terms of its podAntiAffinity',
      term: at(one, 'podAffinityTerm'),
    })),
  ];
}

export const spreadRules: readonly Rule[] = [
  podRule({
    id: 'spread-of-others',
    severity: 'warning',
    why: 'A spread or anti-affinity that counts other pods than its own spreads nothing.',
    fix: 'make its labelSelector equal to labels of the pod template.',
    violation: ({ spec, labels }) =>
      spreads(spec).flatMap(({ what, term }) => {
        const selector = at(term, 'labelSelector');
        return selects(selector, labels)
          ? []
          : [`${what} count ${selectorText(selector)}, which its own pods are not.`];
      }),
  }),
  podRule({
    id: 'unknown-topology-key',
    severity: 'error',
    why: 'Over a label that no node has nothing is spread, and a pod that must be is never scheduled.',
    fix: `write ${TOPOLOGY_KEYS.join(' or ')}, or a label of your own with your domain before it.`,
    violation: ({ spec }) =>
      spreads(spec).flatMap(({ what, term }) => {
        const key = textAt(term, 'topologyKey') ?? '';
        const isOwn = key.includes('/') && !/(^|\.)kubernetes\.io\//.test(key);
        return isOwn || [...TOPOLOGY_KEYS, ...OTHER_KEYS].includes(key) ? [] : [`${what} are over "${key}".`];
      }),
  }),
];
