import { wellKnownPorts } from '../../../contract/vocabulary/index.js';
import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt } from '../field.js';
import type { Rule } from '../finding.js';
import { isAuthorized, isMember, isStrict, principalOf } from '../mesh-membership.js';
import { allows, type Direction, policiesOn, refusals, takesPort } from '../network-access.js';
import { type PodTemplate, targetPorts } from '../pod-template.js';
import { serviceUrls } from '../service-url.js';
import { podRule } from './rule-forms.js';

const DIRECTIONS = ['Ingress', 'Egress'] as const satisfies readonly Direction[];

/** A connection that a pod's own settings ask for. */
interface WantedConnection {
  readonly setting: string;
  readonly url: string;
  readonly to: PodTemplate;
  readonly port: number;
}

function wantedConnections(cluster: Cluster, pod: PodTemplate): readonly WantedConnection[] {
  return serviceUrls(cluster, pod).flatMap(({ setting, url, namespace, name, port }) => {
    const service = cluster.find('Service', namespace, name);
    const selector = mapAt(service?.value, 'spec.selector');
    const served = listAt(service?.value, 'spec.ports').find((one) => at(one, 'port') === port);
    if (service === undefined || served === undefined || Object.keys(selector).length === 0) return [];
    return cluster
      .podsWith(namespace, selector)
      .flatMap((to) =>
        targetPorts(to, at(served, 'targetPort') ?? port).map((number) => ({ setting, url, to, port: number })),
      );
  });
}

export const networkRules: readonly Rule[] = [
  podRule({
    id: 'no-network-policy',
    severity: 'warning',
    why: 'Whoever gets into a pod of the cluster reaches it, and from it everything.',
    fix: 'add a NetworkPolicy that denies all of the namespace, and one that allows what the pod needs.',
    violation: (pod, cluster) => {
      const open = DIRECTIONS.filter((direction) => policiesOn(cluster, pod, direction).length === 0);
      return open.length > 0 && `no NetworkPolicy says anything of its ${open.join(' and ').toLowerCase()}.`;
    },
  }),
  podRule({
    id: 'dns-denied',
    severity: 'error',
    why: 'A pod that may call others and not ask for their addresses reaches none of them.',
    fix: `allow egress to the pods k8s-app=kube-dns of kube-system on port ${wellKnownPorts.dns}, UDP and TCP.`,
    violation: (pod, cluster) => {
      const policies = policiesOn(cluster, pod, 'Egress');
      const rules = policies.flatMap(({ value }) => listAt(value, 'spec.egress'));
      const dns = { port: wellKnownPorts.dns, protocol: 'UDP' } as const;
      const isDenied = rules.length > 0 && !rules.some((rule) => takesPort(rule, dns));
      const names = policies.map(({ name }) => name).join(', ');
      return isDenied && `its policies (${names}) allow egress, and none of it to port ${dns.port} by UDP.`;
    },
  }),
  podRule({
    id: 'connection-denied',
    severity: 'error',
    why: 'A process that its own settings send to a Service waits there until it times out.',
    fix: 'allow the connection in the policies of both its ends: for ours, add the flow to the contract.',
    violation: (pod, cluster) =>
      wantedConnections(cluster, pod).flatMap(({ setting, url, to, port }) => {
        const refused = refusals(cluster, pod, to, port);
        if (refused.length === 0) return [];
        const by = refused.map((direction) =>
          direction === 'Egress' ? 'its own egress' : `the ingress of ${to.owner.title}`,
        );
        return [`${setting} is "${url}", and the NetworkPolicies of ${by.join(' and ')} refuse port ${port}.`];
      }),
  }),
  podRule({
    id: 'call-unauthorized',
    severity: 'error',
    why: 'A call that no AuthorizationPolicy allows gets 403 from the proxy of its target.',
    fix: 'add the caller’s principal to the AuthorizationPolicy of the target: for ours, add the flow to the contract.',
    violation: (pod, cluster) =>
      wantedConnections(cluster, pod)
        .filter(({ to, port }) => !isAuthorized(cluster, pod, to, port))
        .map(
          ({ setting, url, to }) =>
            `${setting} is "${url}", and the AuthorizationPolicies of ${to.owner.title} do not allow ${principalOf(pod)}.`,
        ),
  }),
  podRule({
    id: 'plaintext-into-strict',
    severity: 'error',
    why: 'A pod outside the mesh has no certificate, and one that takes mutual TLS only resets its connection.',
    fix: 'put the caller into the mesh, or make that port of the target PERMISSIVE in its PeerAuthentication.',
    violation: (pod, cluster) => {
      if (isMember(cluster, pod)) return undefined;
      const wanted = [...wantedConnections(cluster, pod), ...listedConnections(cluster, pod)];
      const refused = wanted.filter(({ to, port }) => isStrict(cluster, to, port));
      const targets = new Set(refused.map(({ to, port }) => `${to.owner.title} port ${port}`));
      return (
        targets.size > 0 && `it has no proxy, and is to call ${[...targets].join(', ')}, which take STRICT mutual TLS.`
      );
    },
  }),
];

/** Connections that policies let a pod have, and not everybody. */
function listedConnections(cluster: Cluster, from: PodTemplate): Pick<WantedConnection, 'to' | 'port'>[] {
  const stranger = { namespace: from.namespace, labels: {} };
  return cluster.pods
    .filter((to) => to !== from)
    .flatMap((to) => to.containers.flatMap(({ ports }) => ports.map(({ number }) => ({ to, port: number }))))
    .filter(({ to, port }) => allows(cluster, from, to, port) && !allows(cluster, stranger, to, port));
}
