import type { Cluster } from './cluster.js';
import { at, type Fields, listAt, mapAt, textAt, textsAt } from './field.js';
import type { KubeObject } from './kube-object.js';
import { isEmptySelector, selects } from './label-selector.js';
import type { PodTemplate } from './pod-template.js';

/** Where Istio's rules for the whole mesh stand. */
const ROOT_NAMESPACE = 'istio-system';

/** Whether Istio puts a proxy beside a pod, or its node's proxy before it. */
export function isMember(cluster: Cluster, { namespace, labels }: PodTemplate): boolean {
  const home = cluster.findClusterWide('Namespace', namespace)?.labels ?? {};
  const inject = labels['sidecar.istio.io/inject'];
  if (inject !== undefined) return inject === 'true';
  if (isInjecting(home)) return true;
  return (labels['istio.io/dataplane-mode'] ?? home['istio.io/dataplane-mode']) === 'ambient';
}

/** Whether a namespace asks for a proxy beside every pod. */
export function isInjecting(labels: Fields): boolean {
  const injection = labels['istio-injection'];
  return injection === undefined ? labels['istio.io/rev'] !== undefined : injection === 'enabled';
}

/** Whether a member takes nothing but mutual TLS at a port. */
export function isStrict(cluster: Cluster, pod: PodTemplate, port: number): boolean {
  // The proxy of such a pod is there for its certificate alone.
  if (!isMember(cluster, pod) || pod.labels['security.istio.io/tlsMode'] === 'disabled') return false;
  const own = policiesFor(cluster, 'PeerAuthentication', pod);
  const modes = own
    .sort((a, b) => specificity(b, pod) - specificity(a, pod))
    .flatMap(
      ({ value }) => textAt(mapAt(value, `spec.portLevelMtls`)[port], 'mode') ?? textAt(value, 'spec.mtls.mode') ?? [],
    );
  return modes.find((mode) => mode !== 'UNSET') === 'STRICT';
}

/** Whether the pod's AuthorizationPolicies let a caller in, as far as identity, namespace and port decide. */
export function isAuthorized(cluster: Cluster, from: PodTemplate, to: PodTemplate, port: number): boolean {
  if (!isMember(cluster, to)) return true;
  const allowing = policiesFor(cluster, 'AuthorizationPolicy', to).filter(
    ({ value }) => (textAt(value, 'spec.action') ?? 'ALLOW') === 'ALLOW',
  );
  const principal = principalOf(from);
  return (
    allowing.length === 0 ||
    allowing.some(({ value }) =>
      listAt(value, 'spec.rules').some(
        (rule) =>
          anyOf(
            rule,
            'from',
            ({ source }) => takes(source, 'principals', principal) && takes(source, 'namespaces', from.namespace),
          ) && anyOf(rule, 'to', ({ operation }) => takes(operation, 'ports', String(port))),
      ),
    )
  );
}

/** The identity in a pod's certificate of the mesh. */
export function principalOf({ namespace, spec }: PodTemplate): string {
  return `cluster.local/ns/${namespace}/sa/${textAt(spec, 'serviceAccountName') ?? 'default'}`;
}

function policiesFor(cluster: Cluster, kind: string, pod: PodTemplate): KubeObject[] {
  return cluster
    .ofKind(kind)
    .filter(({ namespace }) => namespace === pod.namespace || namespace === ROOT_NAMESPACE)
    .filter(({ value }) => selects(at(value, 'spec.selector'), pod.labels));
}

/** A policy with a selector goes before its namespace's, and that before the whole mesh's. */
function specificity({ namespace, value }: KubeObject, pod: PodTemplate): number {
  return (isEmptySelector(at(value, 'spec.selector')) ? 0 : 2) + (namespace === pod.namespace ? 1 : 0);
}

function anyOf(rule: unknown, field: string, holds: (one: Fields) => boolean): boolean {
  const list = listAt(rule, field);
  return list.length === 0 || list.some((one) => holds(mapAt({ one }, 'one')));
}

/** A list that is not there takes everything; its entries may begin or end with a star. */
function takes(fields: unknown, name: string, value: string): boolean {
  const list = textsAt(fields, name);
  return (
    list.length === 0 ||
    list.some((one) => {
      if (one.startsWith('*')) return value.endsWith(one.slice(1));
      return one.endsWith('*') ? value.startsWith(one.slice(0, -1)) : one === value;
    })
  );
}
