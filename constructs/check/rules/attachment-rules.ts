import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { isEmptySelector } from '../label-selector.js';
import { isKnownHost } from '../mesh-host.js';
import { servesPort } from '../pod-template.js';
import { objectRule } from './rule-forms.js';

const GATEWAY_API = 'gateway.networking.k8s.io';

/** Gateways that a route hangs on; a Service may be a parent too. */
function parentsOf({ namespace, value }: KubeObject) {
  return listAt(value, 'spec.parentRefs')
    .filter((parent) => (textAt(parent, 'kind') ?? 'Gateway') === 'Gateway')
    .map((parent) => ({
      namespace: textAt(parent, 'namespace') ?? namespace,
      name: textAt(parent, 'name') ?? '',
      section: textAt(parent, 'sectionName'),
    }));
}

/** Whether a namespace lets routes of another send to its Services. */
function isGranted(cluster: Cluster, route: KubeObject, namespace: string): boolean {
  return cluster
    .ofKind('ReferenceGrant')
    .filter((grant) => grant.namespace === namespace)
    .some(({ value }) =>
      listAt(value, 'spec.from').some(
        (from) => textAt(from, 'kind') === route.kind && textAt(from, 'namespace') === route.namespace,
      ),
    );
}

/** What hangs on something else: routes on gateways, rules of the mesh on hosts and ports. */
export const attachmentRules: readonly Rule[] = [
  objectRule({
    kinds: ['HTTPRoute', 'GRPCRoute'],
    id: 'dangling-parent',
    severity: 'error',
    why: 'Requests never come to a route whose gateway, or listener of it, is missing.',
    fix: 'correct name, namespace and sectionName of parentRefs, or add the Gateway.',
    violation: (route, cluster) =>
      parentsOf(route).flatMap(({ namespace, name, section }) => {
        if (!cluster.covers(namespace)) return [];
        const gateway = cluster
          .ofKind('Gateway')
          .find((one) => one.group === GATEWAY_API && one.name === name && one.namespace === namespace);
        if (gateway === undefined)
          return [`parentRefs names the Gateway "${name}", which is not in ${placeText(route, namespace)}.`];
        const listeners = listAt(gateway.value, 'spec.listeners').map((listener) => textAt(listener, 'name'));
        if (section === undefined || listeners.includes(section)) return [];
        return [
          `parentRefs names the listener "${section}" of ${gateway.title}, which has ${listeners.join(', ') || 'none'}.`,
        ];
      }),
  }),
  objectRule({
    kinds: ['HTTPRoute', 'GRPCRoute'],
    id: 'backend-not-granted',
    severity: 'error',
    why: 'A route sends to a Service of another namespace only where a ReferenceGrant there allows it: without one requests get 500.',
    fix: 'add a ReferenceGrant to the namespace of the Service, or move the route there.',
    violation: (route, cluster) =>
      listAt(route.value, 'spec.rules')
        .flatMap((rule) => listAt(rule, 'backendRefs'))
        .map((backend) => ({
          name: textAt(backend, 'name') ?? '',
          namespace: textAt(backend, 'namespace') ?? route.namespace,
        }))
        .filter(({ namespace }) => namespace !== route.namespace && cluster.covers(namespace))
        .filter(({ namespace }) => !isGranted(cluster, route, namespace))
        .map(
          ({ name, namespace }) => `it sends to "${name}" of namespace "${namespace}", which grants it to nobody here.`,
        ),
  }),
  objectRule({
    kinds: ['DestinationRule'],
    id: 'dangling-traffic-policy',
    severity: 'error',
    why: 'A DestinationRule for a host that the mesh does not know holds for no request.',
    fix: 'name a Service (`name` in the same namespace, `name.namespace.svc.cluster.local` in another), or add a ServiceEntry.',
    violation: ({ namespace, value }, cluster) => {
      const host = textAt(value, 'spec.host');
      if (host === undefined || host.includes('*') || isKnownHost(cluster, host, namespace)) return undefined;
      return `its host is "${host}", of which there is no Service or ServiceEntry.`;
    },
  }),
  objectRule({
    kinds: ['PeerAuthentication'],
    id: 'dangling-port-mode',
    severity: 'error',
    why: 'A mode of one port holds for the port of the container, of pods that a selector takes: elsewhere nobody follows it.',
    fix: 'add a selector, and name the port that the container listens on, not that of the Service.',
    violation: ({ namespace, value }, cluster) => {
      const selector = at(value, 'spec.selector');
      const ports = Object.keys(mapAt(value, 'spec.portLevelMtls'));
      if (ports.length === 0) return undefined;
      if (isEmptySelector(selector)) return 'it has portLevelMtls and no selector.';
      const pods = cluster.podsSelected(namespace, selector);
      return ports
        .filter((port) => pods.length > 0 && !pods.some((pod) => servesPort(pod, Number(port))))
        .map((port) => `portLevelMtls is of port ${port}, which no container of its pods declares.`);
    },
  }),
];
