import type { Cluster } from '../cluster.js';
import { at, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { type PodTemplate, servesPort } from '../pod-template.js';
import { objectRule } from './rule-forms.js';

/** Istio's proxy listens on these of every pod that it is in; no manifest says so. */
const PROXY_PORTS = { first: 15_000, last: 15_099 } as const;

interface PortList {
  readonly direction: 'ingress' | 'egress';
  readonly ports: readonly unknown[];
  /** Who must serve them, where that is known. */
  readonly pods: readonly PodTemplate[];
}

function portLists({ namespace, value }: KubeObject, cluster: Cluster): readonly PortList[] {
  const own = cluster.podsSelected(namespace, at(value, 'spec.podSelector'));
  return [
    ...listAt(value, 'spec.ingress').map((rule) => ({
      direction: 'ingress' as const,
      ports: listAt(rule, 'ports'),
      pods: own,
    })),
    ...listAt(value, 'spec.egress').map((rule) => ({
      direction: 'egress' as const,
      ports: listAt(rule, 'ports'),
      pods: calledPods(listAt(rule, 'to'), namespace, cluster),
    })),
  ];
}

/** The pods that a rule lets out to; none where there may be others. */
function calledPods(peers: readonly unknown[], namespace: string, cluster: Cluster): readonly PodTemplate[] {
  const areOwn = peers.every(
    (peer) => at(peer, 'podSelector') !== undefined && at(peer, 'namespaceSelector') === undefined,
  );
  return areOwn ? peers.flatMap((peer) => cluster.podsSelected(namespace, at(peer, 'podSelector'))) : [];
}

function isSingle(port: unknown): boolean {
  const wanted = at(port, 'port');
  const isProxys = typeof wanted === 'number' && PROXY_PORTS.first <= wanted && wanted <= PROXY_PORTS.last;
  return wanted !== undefined && at(port, 'endPort') === undefined && !isProxys;
}

export const policyPortRules: readonly Rule[] = [
  objectRule({
    kinds: ['NetworkPolicy'],
    id: 'dangling-policy-port',
    severity: 'warning',
    why: 'Behind a port that is open nobody listens, and the port that was meant is shut.',
    fix: 'open the port of the container (not that of the Service), by the name or number in its `ports`, or leave it out.',
    violation: (policy, cluster) =>
      portLists(policy, cluster).flatMap(({ direction, ports, pods }) =>
        ports
          .filter((port) => pods.length > 0 && isSingle(port) && !pods.some((pod) => servesPort(pod, at(port, 'port'))))
          .map((port) => {
            const owners = [...new Set(pods.map(({ owner }) => owner.title))].join(', ');
            return `spec.${direction} opens port ${String(at(port, 'port'))} (${textAt(port, 'protocol') ?? 'TCP'}), which no container of ${owners} has.`;
          }),
      ),
  }),
];
