import { at, isMapping, listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { selectorText } from '../label-selector.js';
import { isInRange } from '../network-access.js';
import { objectRule } from './rule-forms.js';

const SIDES = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const;

/** The peers of each rule of a NetworkPolicy. */
function peerLists({ value }: KubeObject) {
  return SIDES.flatMap(([direction, side]) =>
    listAt(value, `spec.${direction}`).map((rule) => ({ direction, side, rule, peers: listAt(rule, side) })),
  );
}

/** Kubernetes labels its own namespaces with their name, and with nothing else. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Who is let in and out, and whether it is who was meant. */
export const peerRules: readonly Rule[] = [
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'open-policy',
    severity: 'error',
    why: 'A rule without peers and ports lets everybody in, or everything out, whatever the other policies say.',
    fix: 'name the peers, or leave the rule out: a policy without rules of a direction denies all of it.',
    violation: (policy) =>
      peerLists(policy)
        .filter(({ rule, peers }) => peers.length === 0 && listAt(rule, 'ports').length === 0)
        .map(({ direction, rule }) => `spec.${direction} has the rule ${JSON.stringify(rule ?? {})}.`),
  }),
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'unused-direction',
    severity: 'error',
    why: 'A policy is about the directions of its policyTypes alone: what it says of the other holds for nobody.',
    fix: 'add the direction to policyTypes, or leave its rules out.',
    violation: ({ value }) => {
      const types = textsAt(value, 'spec.policyTypes');
      if (types.length === 0) return undefined;
      return ['Ingress', 'Egress']
        .filter((type) => !types.includes(type) && listAt(value, `spec.${type.toLowerCase()}`).length > 0)
        .map((type) => `it has rules of ${type.toLowerCase()}, and policyTypes is ${types.join(', ')}.`);
    },
  }),
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'peer-without-pods',
    severity: 'error',
    why: 'A podSelector by itself means pods of the policy’s own namespace: where it takes none of them, nobody is let through.',
    fix: 'correct the labels; for pods elsewhere put namespaceSelector and podSelector into one entry of the list, without a second dash.',
    violation: (policy, cluster) =>
      peerLists(policy).flatMap(({ direction, side, peers }) =>
        peers
          .filter((peer) => isMapping(peer) && at(peer, 'namespaceSelector') === undefined)
          .map((peer) => at(peer, 'podSelector'))
          .filter((selector) => selector !== undefined && cluster.podsSelected(policy.namespace, selector).length === 0)
          .map(
            (selector) =>
              `spec.${direction}.${side} takes the pods ${selectorText(selector)}, of which ${placeText(policy, policy.namespace)} has none.`,
          ),
      ),
  }),
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'except-outside-range',
    severity: 'error',
    why: 'The API server refuses an exception that is no part of the range it is made from.',
    fix: 'correct the exception, or leave it out.',
    violation: (policy) =>
      peerLists(policy).flatMap(({ peers }) =>
        peers.flatMap((peer) => {
          const cidr = textAt(peer, 'ipBlock.cidr') ?? '';
          return textsAt(peer, 'ipBlock.except')
            .filter((except) => !isInRange(cidr, except.split('/')[0] ?? ''))
            .map((except) => `${except} is excepted from ${cidr}.`);
        }),
      ),
  }),
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'namespace-by-guess',
    severity: 'error',
    why: 'A namespace that nobody labelled so is not taken: pods then reach no name server, or no scraper reaches them.',
    fix: `select it by ${NAME_LABEL}, the one label that every namespace has.`,
    violation: (policy, cluster) =>
      peerLists(policy).flatMap(({ peers }) =>
        peers
          .map((peer) => mapAt(peer, 'namespaceSelector.matchLabels'))
          .flatMap((labels) => ['name', 'namespace'].map((key) => [key, textAt(labels, key)] as const))
          .filter(
            ([key, name]) => name !== undefined && cluster.findClusterWide('Namespace', name)?.labels[key] !== name,
          )
          .map(([key, name]) => `it takes the namespace with the label ${key}=${name}.`),
      ),
  }),
  objectRule({
    kinds: ['AuthorizationPolicy'],
    id: 'open-authorization',
    severity: 'error',
    why: 'ALLOW with an empty rule lets everybody in; DENY without a rule denies nobody.',
    fix: 'name the callers in from.source.principals, or leave out the policy.',
    violation: ({ value }) => {
      const action = textAt(value, 'spec.action') ?? 'ALLOW';
      const rules = listAt(value, 'spec.rules');
      const isEmpty = (rule: unknown) => isMapping(rule) && Object.keys(rule).length === 0;
      if (action === 'ALLOW' && rules.some(isEmpty)) return 'action is ALLOW, and one of its rules is {}.';
      return action === 'DENY' && rules.length === 0 && 'action is DENY, and it has no rule.';
    },
  }),
  objectRule({
    kinds: ['PeerAuthentication'],
    id: 'mutual-tls-off',
    severity: 'warning',
    why: 'Without STRICT a caller outside the mesh is let in unencrypted, and without an identity.',
    fix: 'set mode: STRICT, and make single ports PERMISSIVE by portLevelMtls where somebody outside must call them.',
    violation: ({ value }) => {
      const mode = textAt(value, 'spec.mtls.mode') ?? 'UNSET';
      return ['PERMISSIVE', 'DISABLE'].includes(mode) && `mtls.mode is ${mode}.`;
    },
  }),
];
