import type { Cluster } from './cluster.js';
import { textsAt } from './field.js';
import type { KubeObject } from './kube-object.js';

/** What a host of Istio's means, seen from the namespace of whoever writes it. */
export type MeshHost =
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'external'; readonly host: string };

/** A name without a dot is a Service of the same namespace; so is `name.namespace.svc`, elsewhere. */
export function meshHost(host: string, namespace: string): MeshHost {
  const [name = '', other, svc] = host.split('.');
  if (other === undefined) return { kind: 'service', namespace, name };
  return svc === 'svc' ? { kind: 'service', namespace: other, name } : { kind: 'external', host };
}

export function isSameHost(a: MeshHost, b: MeshHost): boolean {
  if (a.kind === 'service') return b.kind === 'service' && a.name === b.name && a.namespace === b.namespace;
  return b.kind === 'external' && a.host === b.host;
}

/** Whether the set, as far as it goes, has the host: a Service, or what a ServiceEntry lists. */
export function isKnownHost(cluster: Cluster, host: string, namespace: string): boolean {
  const target = meshHost(host, namespace);
  if (cluster.ofKind('ServiceEntry').some((entry) => lists(entry, host))) return true;
  if (target.kind === 'external') return false;
  return !cluster.lacksService(target.namespace, target.name);
}

function lists({ value }: KubeObject, host: string): boolean {
  return textsAt(value, 'spec.hosts').some(
    (listed) => listed === host || (listed.startsWith('*') && host.endsWith(listed.slice(1))),
  );
}
