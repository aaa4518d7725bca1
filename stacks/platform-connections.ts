import {
  addresses,
  type Connection,
  type DataStore,
  type IngressChoice,
  internet,
  type KedaBackend,
  type Peer,
  PublicIngress,
  podsElsewhere,
  podsOf,
  type ScrapeTarget,
} from '../constructs/index.js';
import {
  type Endpoint,
  type Flow,
  gateway,
  isExternal,
  metricsAdapter,
  prometheus,
  wellKnownPorts,
} from '../contract/index.js';

export interface ConnectionSources {
  readonly flows: readonly Flow[];
  readonly stores: readonly DataStore[];
  readonly targets: readonly ScrapeTarget[];
  readonly ingress: IngressChoice;
  readonly controlPlaneCidrs: readonly string[];
  /** Whose pods call the Kubernetes API. */
  readonly apiClients: readonly Pick<Endpoint, 'name'>[];
  /** True where the adapter serves metrics to the API server. */
  readonly metricsAdapter: boolean;
  /** KEDA, where it scales. */
  readonly keda?: KedaBackend;
}

/** Every connection of the platform: the contract's call graph, and what Kubernetes and Prometheus add to it. */
export function platformConnections(sources: ConnectionSources): readonly Connection[] {
  const controlPlane = addresses(sources.controlPlaneCidrs);
  return [
    ...sources.flows.flatMap((flow) =>
      destinations(flow.to, sources.stores).map((destination) => ({ from: podsOf(flow.from), ...destination })),
    ),
    ...entrance(sources.ingress),
    ...sources.targets.map(({ name, port }) => ({ from: podsOf(prometheus), to: podsOf({ name }), port })),
    ...sources.apiClients.flatMap((client) =>
      [wellKnownPorts.https, wellKnownPorts.kubernetesApi].map((port) => ({
        from: podsOf(client),
        to: controlPlane,
        port,
      })),
    ),
    ...(sources.metricsAdapter
      ? [
          { from: podsOf(metricsAdapter), to: podsOf(prometheus), port: prometheus.port },
          { from: podsOf(prometheus), to: podsOf(metricsAdapter), port: metricsAdapter.port },
          { from: controlPlane, to: podsOf(metricsAdapter), port: metricsAdapter.port },
        ]
      : []),
    ...(sources.keda ? kedaConnections(sources.keda) : []),
    ...sources.stores.flatMap(betweenNodes),
  ];
}

interface Destination {
  readonly to: Peer;
  readonly port: number;
}

function destinations(to: Flow['to'], stores: readonly DataStore[]): readonly Destination[] {
  if (isExternal(to)) return [{ to: internet(), port: to.port }];
  const store = stores.find(({ spec }) => spec.name === to.name);
  if (!store) return [{ to: podsOf(to), port: to.port }];
  return [store.port, ...(store.furtherPorts ?? [])].map((port) => ({ to: store.peer, port }));
}

function entrance(ingress: IngressChoice): Connection[] {
  const caller = PublicIngress.callerOf(ingress);
  return caller ? [{ from: caller, to: podsOf(gateway), port: gateway.port }] : [];
}

/** KEDA asks Prometheus for the metrics; Prometheus asks whether KEDA is there. */
function kedaConnections({ namespace, operator, metricsServer }: KedaBackend): Connection[] {
  const part = (app: string) => podsElsewhere(namespace, { app });
  return [
    { from: part(operator), to: podsOf(prometheus), port: prometheus.port },
    ...[operator, metricsServer].map((app) => ({
      from: podsOf(prometheus),
      to: part(app),
      port: wellKnownPorts.kedaMetrics,
    })),
  ];
}

/** The nodes of a store find and copy each other. */
function betweenNodes({ spec, peerPorts = [] }: DataStore): Connection[] {
  return peerPorts.map((port) => ({ from: podsOf(spec), to: podsOf(spec), port }));
}
