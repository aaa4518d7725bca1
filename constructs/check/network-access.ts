import { BlockList, isIP } from 'node:net';
import type { Cluster } from './cluster.js';
import { at, type Fields, listAt, mapAt, numberAt, textAt, textsAt } from './field.js';
import type { KubeObject } from './kube-object.js';
import { selects } from './label-selector.js';
import type { Container } from './pod-template.js';

/** A pod as network policies see it: its own, or one that runs elsewhere and has labels only. */
export interface NetworkPod {
  readonly namespace: string;
  readonly labels: Fields;
  /** Where named ports are looked up. @default none */
  readonly containers?: readonly Pick<Container, 'ports'>[];
  /** Without one no `ipBlock` takes it. */
  readonly ip?: string;
}

/** Somebody outside the cluster, or a node. */
export interface NetworkAddress {
  readonly ip: string;
}

export type NetworkEnd = NetworkPod | NetworkAddress;

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type Direction = 'Ingress' | 'Egress';

/**
 * Whether the NetworkPolicies of a cluster let a connection pass: the caller's for what leaves it and the callee's for what comes in.
 * A pod that no policy of a direction selects is open in it; one that is selected is open to what any of them lists.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function allows(
  cluster: Cluster,
  from: NetworkEnd,
  to: NetworkEnd,
  port: number,
  protocol: Protocol = 'TCP',
): boolean {
  return refusals(cluster, from, to, port, protocol).length === 0;
}

/** The directions in which a connection is refused; none where it passes. */
export function refusals(
  cluster: Cluster,
  from: NetworkEnd,
  to: NetworkEnd,
  port: number,
  protocol: Protocol = 'TCP',
): readonly Direction[] {
  const target = { end: to, port, protocol };
  const egress =
    isPod(from) && !isOpen(cluster, from, 'Egress', (rule) => admits(cluster, rule, 'to', from, to, target));
  const ingress =
    isPod(to) && !isOpen(cluster, to, 'Ingress', (rule) => admits(cluster, rule, 'from', to, from, target));
  return [...(egress ? (['Egress'] as const) : []), ...(ingress ? (['Ingress'] as const) : [])];
}

/** The policies that say what a pod may do in a direction; without one it may do everything. */
export function policiesOn(cluster: Cluster, pod: NetworkPod, direction: Direction): readonly KubeObject[] {
  return cluster
    .ofKind('NetworkPolicy')
    .filter(({ namespace }) => namespace === pod.namespace)
    .filter(({ value }) => directionsOf(value).includes(direction))
    .filter(({ value }) => selects(at(value, 'spec.podSelector'), pod.labels));
}

/** Whether a rule's ports take in one; a rule without ports takes in all. */
export function takesPort(rule: unknown, { end, port, protocol }: Target): boolean {
  const ports = listAt(rule, 'ports');
  return (
    ports.length === 0 ||
    ports.some((one) => {
      if ((textAt(one, 'protocol') ?? 'TCP') !== protocol) return false;
      const wanted = at(one, 'port');
      if (wanted === undefined) return true;
      if (typeof wanted === 'number') return wanted <= port && port <= (numberAt(one, 'endPort') ?? wanted);
      const containers = end !== undefined && isPod(end) ? (end.containers ?? []) : [];
      return containers.some(({ ports: declared }) =>
        declared.some(({ name, number }) => name === wanted && number === port),
      );
    })
  );
}

export interface Target {
  /** Whose container names a port. */
  readonly end?: NetworkEnd;
  readonly port: number;
  readonly protocol: Protocol;
}

function isPod(end: NetworkEnd): end is NetworkPod {
  return 'namespace' in end;
}

/** Without `policyTypes` a policy is about what comes in, and about what leaves if it lists any of it. */
function directionsOf(policy: Fields): readonly string[] {
  const types = textsAt(policy, 'spec.policyTypes');
  if (types.length > 0) return types;
  return at(policy, 'spec.egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

function isOpen(cluster: Cluster, pod: NetworkPod, direction: Direction, admits: (rule: unknown) => boolean): boolean {
  const policies = policiesOn(cluster, pod, direction);
  const rules = policies.flatMap(({ value }) => listAt(value, `spec.${direction.toLowerCase()}`));
  return policies.length === 0 || rules.some(admits);
}

function admits(
  cluster: Cluster,
  rule: unknown,
  side: 'from' | 'to',
  self: NetworkPod,
  other: NetworkEnd,
  target: Target,
): boolean {
  const peers = listAt(rule, side);
  return takesPort(rule, target) && (peers.length === 0 || peers.some((peer) => isPeer(cluster, peer, self, other)));
}

function isPeer(cluster: Cluster, peer: unknown, self: NetworkPod, other: NetworkEnd): boolean {
  const block = at(peer, 'ipBlock');
  if (block !== undefined) return other.ip !== undefined && isInBlock(block, other.ip);
  if (!isPod(other)) return false;
  const namespaces = at(peer, 'namespaceSelector');
  const isThere =
    namespaces === undefined
      ? other.namespace === self.namespace
      : selects(namespaces, namespaceLabels(cluster, other.namespace));
  return isThere && selects(at(peer, 'podSelector'), other.labels);
}

function namespaceLabels(cluster: Cluster, name: string): Fields {
  return { ...cluster.findClusterWide('Namespace', name)?.labels, 'kubernetes.io/metadata.name': name };
}

function isInBlock(block: unknown, ip: string): boolean {
  const within = (cidr: unknown) => typeof cidr === 'string' && isInRange(cidr, ip);
  return within(mapAt({ block }, 'block').cidr) && !listAt(block, 'except').some(within);
}

/** Whether an address lies in a range. */
export function isInRange(cidr: string, ip: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(ip) || !/^\d+$/.test(bits)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(network, Number(bits), type);
  return range.check(ip, type);
}
