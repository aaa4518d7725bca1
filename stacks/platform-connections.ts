import {
  addresses,
  type Connection,
  type DataStore,
  type IngressChoice,
  internet,
  type KedaBackend,
  type MonitoringChoice,
  type Peer,
  PublicIngress,
  podsElsewhere,
  podsOf,
  type ScrapeTarget,
} from '../constructs/index.js';
import {
  canary,
  type Endpoint,
  type Flow,
  gateway,
  grafana,
  isExternal,
  metricsAdapter,
  prometheus,
  wellKnownPorts,
} from '../contract/index.js';

import type { EnvironmentConfig } from './environment-config.js';

/** Where a connection ends. */
interface PeerEnd {
  readonly to: Peer;
  readonly port: number;
}

export interface ConnectionSources {
  readonly flows: readonly Flow[];
  readonly stores: readonly DataStore[];
  readonly targets: readonly ScrapeTarget[];
  /** Prometheus, wherever it runs. */
  readonly monitoring: PeerEnd;
  readonly ingress: IngressChoice;
  readonly identityProvider: EnvironmentConfig['identityProvider'];
  readonly canary: EnvironmentConfig['canary'];
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

/** The Prometheus that scrapes and is asked: the platform's own, or the operator's in another namespace. */
export function monitoringEnd(choice: MonitoringChoice): PeerEnd {
  if (choice.kind === 'own') return { to: podsOf(prometheus), port: prometheus.port };
  const { port, protocol } = new URL(choice.url);
  const usual = protocol === 'https:' ? wellKnownPorts.https : wellKnownPorts.http;
  return { to: podsElsewhere(choice.namespace, choice.podLabels), port: Number(port || usual) };
}

/** Every connection of the platform: the contract's call graph, and what Kubernetes and Prometheus add to it. */
export function platformConnections(sources: ConnectionSources): readonly Connection[] {
  const controlPlane = addresses(sources.controlPlaneCidrs);
  const { monitoring } = sources;
  const scraper = monitoring.to;
  return [
    ...sources.flows.flatMap((flow) =>
      destinations(flow.to, sources).map((destination) => ({ from: podsOf(flow.from), ...destination })),
    ),
    ...entrance(sources.ingress),
    ...identityFlow(sources.identityProvider),
    ...webhookFlows(sources.canary),
    ...sources.targets.map(({ name, port }) => ({ from: scraper, to: podsOf({ name }), port })),
    ...sources.apiClients.flatMap((client) =>
      [wellKnownPorts.https, wellKnownPorts.kubernetesApi].map((port) => ({
        from: podsOf(client),
        to: controlPlane,
        port,
      })),
    ),
    ...(sources.metricsAdapter
      ? [
          { from: podsOf(metricsAdapter), ...monitoring },
          { from: scraper, to: podsOf(metricsAdapter), port: metricsAdapter.port },
          { from: controlPlane, to: podsOf(metricsAdapter), port: metricsAdapter.port },
        ]
      : []),
    ...(sources.grafana ? [{ from: podsOf(grafana), ...monitoring }] : []),
    ...(sources.keda ? kedaConnections(sources.keda, monitoring) : []),
    ...sources.stores.flatMap(betweenNodes),
  ];
}

function destinations(to: Flow['to'], { stores, monitoring }: ConnectionSources): readonly PeerEnd[] {
  if (isExternal(to)) return [{ to: internet(), port: to.port }];
  if (to.name === prometheus.name) return [monitoring];
  const store = stores.find(({ spec }) => spec.name === to.name);
  if (!store) return [{ to: podsOf(to), port: to.port }];
  return [store.port, ...(store.furtherPorts ?? [])].map((port) => ({ to: store.peer, port }));
}

function entrance(ingress: IngressChoice): Connection[] {
  const caller = PublicIngress.callerOf(ingress);
  return caller ? [{ from: caller, to: podsOf(gateway), port: gateway.port }] : [];
}

/** The gateway fetches the keys that tokens are signed with. */
function identityFlow(provider: EnvironmentConfig['identityProvider']): Connection[] {
  if (provider === undefined) return [];
  const to = provider.cidrs ? addresses(provider.cidrs) : internet();
  return [{ from: podsOf(gateway), to, port: Number(new URL(provider.jwksUrl).port || wellKnownPorts.https) }];
}

/** The canary controller asks the webhooks of a release. */
function webhookFlows(release: EnvironmentConfig['canary']): Connection[] {
  const { webhooks = [], webhookCidrs } = release ?? {};
  const to = webhookCidrs ? addresses(webhookCidrs) : internet();
  const ports = webhooks.map(({ url }) => {
    const { port, protocol } = new URL(url);
    return Number(port || (protocol === 'https:' ? wellKnownPorts.https : wellKnownPorts.http));
  });
  return [...new Set(ports)].map((port) => ({ from: podsOf(canary), to, port }));
}

/** KEDA asks Prometheus for the metrics; Prometheus asks whether KEDA is there. */
function kedaConnections({ namespace, operator, metricsServer }: KedaBackend, monitoring: PeerEnd): Connection[] {
  const part = (app: string) => podsElsewhere(namespace, { app });
  return [
    { from: part(operator), ...monitoring },
    ...[operator, metricsServer].map((app) => ({
      from: monitoring.to,
      to: part(app),
      port: wellKnownPorts.kedaMetrics,
    })),
  ];
}

/** The nodes of a store find and copy each other. */
function betweenNodes({ spec, peerPorts = [] }: DataStore): Connection[] {
  return peerPorts.map((port) => ({ from: podsOf(spec), to: podsOf(spec), port }));
}
