import type { Cluster } from '../cluster.js';
import { at, type Fields, listAt, mapAt, numberAt, textAt, textsAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { hasLabels, labelText } from '../label-selector.js';
import { isKnownHost, isSameHost, meshHost } from '../mesh-host.js';

const PROTOCOLS = ['http', 'tls', 'tcp'] as const;

interface Route {
  readonly virtualService: KubeObject;
  /** How messages call it: `http route "split"`. */
  readonly title: string;
  readonly destinations: readonly unknown[];
}

/** Every route of every VirtualService; a mirror's destination is one of its own. */
function routes(cluster: Cluster): readonly Route[] {
  return cluster.ofKind('VirtualService').flatMap((virtualService) =>
    PROTOCOLS.flatMap((protocol) =>
      listAt(virtualService.value, `spec.${protocol}`).map((route, i) => ({
        virtualService,
        title: `${protocol} route "${textAt(route, 'name') ?? i}"`,
        destinations: listAt(route, 'route'),
      })),
    ),
  );
}

function eachDestination(
  cluster: Cluster,
  problemOf: (host: string, destination: Fields, route: Route) => Omit<Problem, 'object'> | undefined,
): Problem[] {
  return routes(cluster).flatMap((route) =>
    route.destinations.flatMap((one) => {
      const destination = mapAt(one, 'destination');
      const problem = problemOf(textAt(destination, 'host') ?? '', destination, route);
      return problem ? [{ object: route.virtualService, ...problem }] : [];
    }),
  );
}

function subsetsOf(cluster: Cluster, host: string, namespace: string): readonly unknown[] {
  return cluster
    .ofKind('DestinationRule')
    .filter((rule) =>
      isSameHost(meshHost(textAt(rule.value, 'spec.host') ?? '', rule.namespace), meshHost(host, namespace)),
    )
    .flatMap(({ value }) => listAt(value, 'spec.subsets'));
}

export const meshRules: readonly Rule[] = [
  {
    id: 'dangling-destination-host',
    severity: 'error',
    why: 'Requests to a host that the mesh does not know get 503.',
    find: (cluster) =>
      eachDestination(cluster, (host, _, { virtualService, title }) =>
        isKnownHost(cluster, host, virtualService.namespace)
          ? undefined
          : {
              message: `${title} sends to the host "${host}", of which there is no Service or ServiceEntry.`,
              fix: 'name a Service (`name` in the same namespace, `name.namespace.svc.cluster.local` in another), or add a ServiceEntry.',
            },
      ),
  },
  {
    id: 'dangling-destination-port',
    severity: 'error',
    why: 'Requests to a port that the Service does not have get 503.',
    find: (cluster) =>
      eachDestination(cluster, (host, destination, { virtualService, title }) => {
        const target = meshHost(host, virtualService.namespace);
        const port = numberAt(destination, 'port.number');
        if (target.kind === 'external' || port === undefined) return undefined;
        const service = cluster.find('Service', target.namespace, target.name);
        const ports = listAt(service?.value, 'spec.ports').map((one) => at(one, 'port'));
        if (service === undefined || ports.includes(port)) return undefined;
        return {
          message: `${title} sends to port ${port} of "${host}", whose Service has ${ports.join(', ') || 'none'}.`,
          fix: "use a port of the Service (its `port`, not the container's).",
        };
      }),
  },
  {
    id: 'dangling-subset',
    severity: 'error',
    why: 'Requests to a subset that no DestinationRule defines get 503.',
    find: (cluster) =>
      eachDestination(cluster, (host, destination, { virtualService, title }) => {
        const subset = textAt(destination, 'subset');
        const names = subsetsOf(cluster, host, virtualService.namespace).map((one) => textAt(one, 'name'));
        if (subset === undefined || names.includes(subset)) return undefined;
        return {
          message: `${title} sends to the subset "${subset}" of "${host}", whose DestinationRules define ${names.join(', ') || 'none'}.`,
          fix: 'add the subset to the DestinationRule of that host, or correct its name.',
        };
      }),
  },
  {
    id: 'route-weights',
    severity: 'error',
    why: 'Weights are shares of their sum: where that is not 100, they are not the percentages they look like.',
    find: (cluster) =>
      routes(cluster).flatMap(({ virtualService, title, destinations }): Problem[] => {
        const weights = destinations.map((one) => numberAt(one, 'weight'));
        const sum = weights.reduce<number>((total, weight) => total + (weight ?? 0), 0);
        const isWhole = destinations.length === 1 && weights[0] === undefined;
        if (destinations.length === 0 || isWhole || sum === 100) return [];
        return [
          {
            object: virtualService,
            message: `${title} has the weights ${weights.map((weight) => weight ?? 0).join(' + ')} = ${sum}.`,
            fix: 'make the weights of the route sum to 100.',
          },
        ];
      }),
  },
  {
    id: 'empty-subset',
    severity: 'error',
    why: 'Requests to a subset that has no pod get 503.',
    find: (cluster) =>
      cluster.ofKind('DestinationRule').flatMap((rule) => {
        const host = textAt(rule.value, 'spec.host') ?? '';
        const target = meshHost(host, rule.namespace);
        const service = target.kind === 'service' ? cluster.find('Service', target.namespace, target.name) : undefined;
        const selector = mapAt(service?.value, 'spec.selector');
        if (service === undefined || Object.keys(selector).length === 0) return [];
        const pods = cluster.podsWith(service.namespace, selector);
        return listAt(rule.value, 'spec.subsets').flatMap((subset): Problem[] => {
          const labels = mapAt(subset, 'labels');
          if (pods.some((pod) => hasLabels(pod.labels, labels))) return [];
          return [
            {
              object: rule,
              message: `subset "${textAt(subset, 'name')}" wants the labels ${labelText(labels)}, which no pod of the Service "${host}" has.`,
              fix: "make the subset's labels equal to labels of the pod template.",
            },
          ];
        });
      }),
  },
  {
    id: 'dangling-gateway',
    severity: 'error',
    why: 'Routes of a gateway that is missing are never reached.',
    find: (cluster) =>
      cluster.ofKind('VirtualService').flatMap((virtualService) =>
        textsAt(virtualService.value, 'spec.gateways').flatMap((gateway): Problem[] => {
          const [namespace, name] = gateway.includes('/')
            ? [gateway.slice(0, gateway.indexOf('/')), gateway.slice(gateway.indexOf('/') + 1)]
            : [virtualService.namespace, gateway];
          if (gateway === 'mesh' || !cluster.covers(namespace) || cluster.find('Gateway', namespace, name)) return [];
          return [
            {
              object: virtualService,
              message: `it names the gateway "${gateway}", which is not in namespace "${namespace}".`,
              fix: 'correct the name (`namespace/name` for another namespace), or add the Gateway.',
            },
          ];
        }),
      ),
  },
];
