import type { Endpoint } from '../contract/vocabulary/index.js';

/** One end of a connection, as a network policy can name it. */
export type Peer =
  | { readonly kind: 'pods'; readonly name: string }
  | { readonly kind: 'pods-elsewhere'; readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'addresses'; readonly cidrs: readonly string[]; readonly except?: readonly string[] };

/** A TCP connection that is allowed. Whatever is not listed is denied. */
export interface Connection {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
}

/** The pods of an endpoint of this platform. */
export function podsOf(endpoint: Pick<Endpoint, 'name'>): Peer {
  return { kind: 'pods', name: endpoint.name };
}

/** Pods of another namespace, such as those of an ingress controller. */
export function podsElsewhere(namespace: string, labels: Readonly<Record<string, string>>): Peer {
  return { kind: 'pods-elsewhere', namespace, labels };
}

/** Addresses outside the cluster: a managed store, the API server. */
export function addresses(cidrs: readonly string[]): Peer {
  return { kind: 'addresses', cidrs };
}

/** Ranges that are nobody's public address: clusters, offices, and the clouds' metadata servers. */
const PRIVATE_RANGES = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'] as const;

/** Every public address: what has a name but no address of its own, such as a model provider. */
export function internet(): Peer {
  return { kind: 'addresses', cidrs: ['0.0.0.0/0'], except: PRIVATE_RANGES };
}
