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
  grafana,
  isExternal,
  metricsAdapter,
  ports,
  prometheus,
  rabbitmq,
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
  /** True where Grafana shows what Prometheus knows. */
  readonly grafana: boolean;
  /** KEDA, where it scales. */
  readonly keda?: KedaBackend;
}

/** Every connection of the platform: the contract's call graph, and what Kubernetes and Prometheus add to it. */
export function platformConnections(sources: ConnectionSources): readonly Connection[] {
  const controlPlane = addresses(sources.controlPlaneCidrs);
  return [
    ...sources.flows.map((flow) => ({ from: podsOf(flow.from), ...destination(flow.to, sources.stores) })),
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
    ...(sources.grafana ? [{ from: podsOf(grafana), to: podsOf(prometheus), port: prometheus.port }] : []),
    ...(sources.keda ? kedaConnections(sources.keda) : []),
    ...brokerNodes(sources.stores),
  ];
}

function destination(to: Flow['to'], stores: readonly DataStore[]): { readonly to: Peer; readonly port: number } {
  if (isExternal(to)) return { to: internet(), port: to.port };
  const store = stores.find(({ spec }) => spec.name === to.name);
  return store ? { to: store.peer, port: store.port } : { to: podsOf(to), port: to.port };
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

/** The nodes of the broker find and copy each other. */
function brokerNodes(stores: readonly DataStore[]): Connection[] {
  const broker = stores.find(({ spec }) => spec.name === rabbitmq.name);
  if (!broker?.inCluster) return [];
  return [ports.rabbitmqPeerDiscovery, ports.rabbitmqDistribution].map((port) => ({
    from: podsOf(rabbitmq),
    to: podsOf(rabbitmq),
    port,
  }));
}
