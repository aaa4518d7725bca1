import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, numberAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { hasLabels, labelText } from '../label-selector.js';
import { isKnownHost, isSameHost, meshHost } from '../mesh-host.js';
import { gatewaysOf, type MeshDestination, meshRoutes } from '../mesh-route.js';
import { objectRule } from './rule-forms.js';

/** A rule on each destination of each route; a mirror's is not one. */
function destinationRule(
  rule: Omit<Rule, 'find' | 'severity'> & {
    violation(destination: MeshDestination, virtualService: KubeObject, cluster: Cluster): string | undefined;
  },
): Rule {
  const { violation, ...head } = rule;
  return objectRule({
    ...head,
    kinds: ['VirtualService'],
    severity: 'error',
    violation: (virtualService, cluster) =>
      meshRoutes(virtualService).flatMap(({ title, destinations }) =>
        destinations.flatMap((one) => {
          const what = violation(one, virtualService, cluster);
          return what === undefined ? [] : [`${title} sends to ${what}.`];
        }),
      ),
  });
}

function subsetsOf(cluster: Cluster, host: string, namespace: string): readonly unknown[] {
  return cluster
    .ofKind('DestinationRule')
    .filter((rule) =>
      isSameHost(meshHost(textAt(rule.value, 'spec.host') ?? '', rule.namespace), meshHost(host, namespace)),
    )
    .flatMap(({ value }) => listAt(value, 'spec.subsets'));
}

/** The Service that a host of Istio's means, where it is one of the set. */
function serviceOf(cluster: Cluster, host: string, namespace: string): KubeObject | undefined {
  const target = meshHost(host, namespace);
  return target.kind === 'service' ? cluster.find('Service', target.namespace, target.name) : undefined;
}

export const meshRules: readonly Rule[] = [
  destinationRule({
    id: 'dangling-destination-host',
    why: 'Requests to a host that the mesh does not know get 503.',
    fix: 'name a Service (`name` in the same namespace, `name.namespace.svc.cluster.local` in another), or add a ServiceEntry.',
    violation: ({ host }, { namespace }, cluster) =>
      isKnownHost(cluster, host, namespace)
        ? undefined
        : `the host "${host}", of which there is no Service or ServiceEntry`,
  }),
  destinationRule({
    id: 'dangling-destination-port',
    why: 'Requests to a port that the Service does not have get 503.',
    fix: "use a port of the Service (its `port`, not the container's).",
    violation: ({ host, fields }, { namespace }, cluster) => {
      const port = numberAt(fields, 'port.number');
      const service = serviceOf(cluster, host, namespace);
      const ports = listAt(service?.value, 'spec.ports').map((one) => at(one, 'port'));
      if (service === undefined || port === undefined || ports.includes(port)) return undefined;
      return `port ${port} of "${host}", whose Service has ${ports.join(', ') || 'none'}`;
    },
  }),
  destinationRule({
    id: 'dangling-subset',
    why: 'Requests to a subset that no DestinationRule defines get 503.',
    fix: 'add the subset to the DestinationRule of that host, or correct its name.',
    violation: ({ host, fields }, { namespace }, cluster) => {
      const subset = textAt(fields, 'subset');
      const names = subsetsOf(cluster, host, namespace).map((one) => textAt(one, 'name'));
      if (subset === undefined || names.includes(subset)) return undefined;
      return `the subset "${subset}" of "${host}", whose DestinationRules define ${names.join(', ') || 'none'}`;
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'route-weights',
    severity: 'error',
    why: 'Weights are shares of their sum: where that is not 100, they are not the percentages they look like.',
    fix: 'make the weights of the route sum to 100, none of them negative.',
    violation: (virtualService) =>
      meshRoutes(virtualService).flatMap(({ title, weights }) => {
        const shares = weights.map((weight) => weight ?? 0);
        const sum = shares.reduce((total, share) => total + share, 0);
        const isWhole = weights.length === 1 && weights[0] === undefined;
        if (weights.length === 0 || isWhole || (sum === 100 && shares.every((share) => share >= 0))) return [];
        return [`${title} has the weights ${shares.join(' + ')} = ${sum}.`];
      }),
  }),
  objectRule({
    kinds: ['DestinationRule'],
    id: 'empty-subset',
    severity: 'error',
    why: 'Requests to a subset that has no pod get 503.',
    fix: "make the subset's labels equal to labels of the pod template.",
    violation: ({ namespace, value }, cluster) => {
      const host = textAt(value, 'spec.host') ?? '';
      const service = serviceOf(cluster, host, namespace);
      const selector = mapAt(service?.value, 'spec.selector');
      if (service === undefined || Object.keys(selector).length === 0) return undefined;
      const pods = cluster.podsWith(service.namespace, selector);
      return listAt(value, 'spec.subsets').flatMap((subset) => {
        const labels = mapAt(subset, 'labels');
        if (pods.some((pod) => hasLabels(pod.labels, labels))) return [];
        return [
          `subset "${textAt(subset, 'name')}" wants the labels ${labelText(labels)}, which no pod of the Service "${host}" has.`,
        ];
      });
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'dangling-gateway',
    severity: 'error',
    why: 'Routes of a gateway that is missing are never reached.',
    fix: 'correct the name (`namespace/name` for another namespace), or add the Gateway.',
    violation: (virtualService, cluster) =>
      gatewaysOf(virtualService).flatMap((gateway) => {
        const [namespace = '', name = ''] = gateway.split('/');
        if (gateway === 'mesh' || !cluster.covers(namespace) || cluster.find('Gateway', namespace, name)) return [];
        return [`it names the gateway "${name}", which is not in ${placeText(virtualService, namespace)}.`];
      }),
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'host-not-at-gateway',
    severity: 'error',
    why: 'Requests for a host that the gateway does not listen for never come to its routes.',
    fix: 'add the host to the servers of the Gateway, or correct it.',
    violation: (virtualService, cluster) =>
      gatewaysOf(virtualService).flatMap((name) => {
        const gateway = cluster.find('Gateway', name.split('/')[0] ?? '', name.split('/')[1] ?? '');
        const heard = listAt(gateway?.value, 'spec.servers').flatMap((server) => textsAt(server, 'hosts'));
        const unheard = textsAt(virtualService.value, 'spec.hosts').filter(
          (host) => !heard.some((one) => takesHost(one, host)),
        );
        if (gateway === undefined || unheard.length === 0) return [];
        return [`${unheard.join(', ')} is not among the hosts of ${gateway.title}: ${heard.join(', ') || 'none'}.`];
      }),
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'unreachable-route',
    severity: 'error',
    why: 'The first route that matches is taken: behind one without a condition none is.',
    fix: 'put the route without a match last.',
    violation: (virtualService) => {
      const routes = meshRoutes(virtualService).filter(({ protocol }) => protocol === 'http');
      const last = routes.findIndex(({ matches }) => matches.length === 0);
      return routes
        .slice(last < 0 ? routes.length : last + 1)
        .map(({ title }) => `${title} stands behind ${routes[last]?.title}, which takes everything.`);
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'conflicting-hosts',
    severity: 'error',
    why: 'Of two VirtualServices for one host inside the mesh Istio takes the older and ignores the other.',
    fix: 'put the routes of both into one VirtualService, in the order in which they shall match.',
    violation: (virtualService, cluster) => {
      const all = cluster.ofKind('VirtualService');
      return all.slice(0, all.indexOf(virtualService)).flatMap((rival) => {
        const hosts = sharedHosts(virtualService, rival);
        const gateways = gatewaysOf(virtualService).filter((one) => gatewaysOf(rival).includes(one));
        // At a gateway Istio merges them: there only a route that takes everything, on both sides, is one too many.
        const clashing = gateways.filter((one) => one === 'mesh' || [virtualService, rival].every(takesEverything));
        if (hosts.length === 0 || clashing.length === 0) return [];
        return [`${rival.title} routes ${hosts.join(', ')} at ${clashing.join(', ')} already.`];
      });
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'route-protocol',
    severity: 'error',
    why: 'Istio applies an http route only to a port that it takes for HTTP.',
    fix: 'set appProtocol: http at the port of the Service (or begin its name with `http-`), or write a tcp route.',
    violation: (virtualService, cluster) =>
      meshRoutes(virtualService)
        .filter(({ protocol }) => protocol === 'http')
        .flatMap(({ title, destinations }) =>
          destinations.flatMap(({ host, fields }) => {
            const service = serviceOf(cluster, host, virtualService.namespace);
            const ports = listAt(service?.value, 'spec.ports');
            const wanted = numberAt(fields, 'port.number');
            const port = ports.find((one) => wanted === undefined || at(one, 'port') === wanted);
            const protocol = declaredProtocol(port);
            if (protocol === undefined || /^(http|grpc)/.test(protocol)) return [];
            return [
              `${title} sends to port ${String(at(port, 'port'))} of "${host}", which is declared as ${protocol}.`,
            ];
          }),
        ),
  }),
  objectRule({
    kinds: ['Service'],
    id: 'port-protocol',
    severity: 'warning',
    why: 'A port whose protocol is not said is guessed from its first bytes; protocols where the server speaks first time out.',
    fix: 'set appProtocol, or begin the name of the port with its protocol: `http-api`, `tcp-broker`.',
    violation: ({ namespace, value }, cluster) => {
      const inMesh = ['VirtualService', 'DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy'];
      if (!cluster.ofKind(...inMesh).some((one) => one.namespace === namespace)) return undefined;
      return listAt(value, 'spec.ports')
        .filter((port) => (textAt(port, 'protocol') ?? 'TCP') === 'TCP' && declaredProtocol(port) === undefined)
        .map(
          (port) =>
            `port ${String(at(port, 'port'))} (named "${textAt(port, 'name') ?? ''}") does not say its protocol.`,
        );
    },
  }),
];

/** Protocols that a port's name may begin with (istio.io, "Protocol Selection"). */
const PROTOCOL_NAMES = /^(http|http2|https|tcp|tls|grpc|grpc-web|mongo|mysql|redis|udp)(-|$)/;

function declaredProtocol(port: unknown): string | undefined {
  return textAt(port, 'appProtocol') ?? PROTOCOL_NAMES.exec(textAt(port, 'name') ?? '')?.[1];
}

/** A gateway's host may name a namespace (`team/…`), and begin with a star. */
function takesHost(heard: string, host: string): boolean {
  const name = heard.slice(heard.indexOf('/') + 1);
  return name === host || (name.startsWith('*') && host.endsWith(name.slice(1)));
}

function takesEverything(virtualService: KubeObject): boolean {
  return meshRoutes(virtualService).some(({ matches }) => matches.length === 0);
}

function sharedHosts(a: KubeObject, b: KubeObject): readonly string[] {
  const hosts = (object: KubeObject) => listAt(object.value, 'spec.hosts').filter((host) => typeof host === 'string');
  return hosts(a).filter((host) =>
    hosts(b).some((other) => isSameHost(meshHost(host, a.namespace), meshHost(other, b.namespace))),
  );
}
