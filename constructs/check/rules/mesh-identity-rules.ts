import { at, listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { placeText } from '../kube-object.js';
import { isEmptySelector, selectorText, selects } from '../label-selector.js';
import { isMember } from '../mesh-membership.js';
import { objectRule, podRule } from './rule-forms.js';

/** Istio's objects that choose pods by a selector. */
const SELECTING = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication', 'Sidecar', 'Telemetry'];

/** Who may be whom in the mesh. */
export const meshIdentityRules: readonly Rule[] = [
  objectRule({
    kinds: SELECTING,
    id: 'dangling-mesh-policy',
    severity: 'error',
    why: 'A policy of the mesh that selects no pod protects none.',
    fix: 'make the matchLabels equal to labels of the pods that it is for.',
    violation: ({ kind, namespace, value }, cluster) => {
      const selector = at(value, kind === 'Sidecar' ? 'spec.workloadSelector' : 'spec.selector');
      const labels = kind === 'Sidecar' ? { matchLabels: at(selector, 'labels') } : selector;
      if (isEmptySelector(labels) || cluster.podsSelected(namespace, labels).length > 0) return undefined;
      // Pods of an ingress gateway are Istio's own, and stand in no manifest.
      if (cluster.ofKind('Gateway').some((gateway) => selects(labels, mapAt(gateway.value, 'spec.selector')))) {
        return undefined;
      }
      return `no pod of ${placeText({ value }, namespace)} is taken by the selector ${selectorText(labels)}.`;
    },
  }),
  objectRule({
    kinds: ['AuthorizationPolicy'],
    id: 'dangling-principal',
    severity: 'error',
    why: 'A principal is a namespace and a ServiceAccount: of one that is missing nobody has the certificate.',
    fix: 'write cluster.local/ns/NAMESPACE/sa/ACCOUNT with an account of the manifests.',
    violation: ({ value }, cluster) => {
      const principals = listAt(value, 'spec.rules')
        .flatMap((rule) => listAt(rule, 'from'))
        .flatMap((from) => textsAt(from, 'source.principals'))
        .filter((principal) => !principal.includes('*'));
      return principals.flatMap((principal) => {
        const [, namespace = '', account = ''] = /^[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal) ?? [];
        const isThere = account === 'default' || cluster.find('ServiceAccount', namespace, account);
        if (namespace !== '' && (!cluster.covers(namespace) || isThere)) return [];
        // Of a namespace that the manifests only put a certificate into, they do not say who lives there.
        if (namespace !== '' && !cluster.ofKind('ServiceAccount').some((one) => one.namespace === namespace)) return [];
        return [`it allows "${principal}", which no ServiceAccount of the manifests is.`];
      });
    },
  }),
  objectRule({
    kinds: ['AuthorizationPolicy'],
    id: 'jwt-without-authentication',
    severity: 'error',
    why: 'A rule on tokens holds for nobody where no RequestAuthentication verifies them: ALLOW lets nobody in, DENY everybody.',
    fix: 'add a RequestAuthentication with the same selector.',
    violation: ({ namespace, value }, cluster) => {
      const rules = listAt(value, 'spec.rules');
      const asks = rules.some(
        (rule) =>
          listAt(rule, 'from').some((from) => textsAt(from, 'source.requestPrincipals').length > 0) ||
          listAt(rule, 'when').some((when) => textAt(when, 'key')?.startsWith('request.auth.')),
      );
      const pods = cluster.podsSelected(namespace, at(value, 'spec.selector'));
      const verified = pods.filter((pod) =>
        cluster
          .ofKind('RequestAuthentication')
          .some((one) => one.namespace === namespace && selects(at(one.value, 'spec.selector'), pod.labels)),
      );
      return (
        asks &&
        verified.length < pods.length &&
        'it asks for tokens, and no RequestAuthentication verifies them at its pods.'
      );
    },
  }),
  objectRule({
    kinds: ['Namespace'],
    id: 'injection-labels',
    severity: 'error',
    why: 'Of a namespace with both labels Istio takes istio-injection, and the revision gets no pod.',
    fix: 'leave one of the labels out.',
    violation: ({ labels }) => {
      const [injection, revision] = [labels['istio-injection'], labels['istio.io/rev']];
      if (injection === undefined || revision === undefined) return undefined;
      return `it has the labels istio-injection=${String(injection)} and istio.io/rev=${String(revision)}.`;
    },
  }),
  podRule({
    id: 'injection-opt-out',
    severity: 'error',
    why: 'A pod without a proxy enforces no policy of the mesh: who reaches its port is not asked for a certificate.',
    fix: 'leave the label sidecar.istio.io/inject: "false" out, or the policy that selects the pod.',
    violation: (pod, cluster) => {
      if (isMember(cluster, pod)) return undefined;
      const policies = cluster
        .ofKind('AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication')
        .filter(({ namespace }) => namespace === pod.namespace)
        .filter(({ value }) => !isEmptySelector(at(value, 'spec.selector')))
        .filter(({ value }) => selects(at(value, 'spec.selector'), pod.labels))
        .map(({ title }) => title);
      return policies.length > 0 && `it is not in the mesh, and ${policies.join(', ')} selects it.`;
    },
  }),
];
