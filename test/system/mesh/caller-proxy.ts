import { isDeepStrictEqual } from 'node:util';
import { NETWORKING_API, type ServiceSpec } from '../../../contract/index.js';
import type { Manifest } from '../../support/cluster.js';
import type { ControlPlane } from '../control-plane.js';
import type { Istiod } from './istiod.js';
import { loopbackAddress } from './loopback-address.js';
import { Sidecar } from './sidecar.js';

/** A part of what Envoy was told, by the names of its API (envoy.admin.v3, envoy.config.route.v3, envoy.config.cluster.v3). */
type Dump = { readonly [field: string]: unknown };

/** A route of a virtual host, as far as the tests look at it. */
export interface ProxyRoute {
  readonly name?: string;
  readonly match: { readonly headers?: readonly Dump[] };
  readonly route: {
    readonly cluster?: string;
    readonly weighted_clusters?: { readonly clusters: readonly { readonly name: string; readonly weight: number }[] };
    readonly request_mirror_policies?: readonly {
      readonly cluster: string;
      readonly runtime_fraction: {
        readonly default_value: { readonly numerator: number; readonly denominator: string };
      };
    }[];
    readonly timeout?: string;
    readonly retry_policy?: Dump;
  };
}

/** A service that is called. */
type Called = Pick<ServiceSpec, 'name' | 'port'>;

/**
 * Envoy as the proxy of a pod that calls services, told by istiod what to do. Nothing redirects connections here, so a `Sidecar` object of its
 * own has it listen at the ports of these services, on an address of loopback where nobody else does.
 */
export class CallerProxy {
  private constructor(
    private readonly sidecar: Sidecar,
    /** Where it takes requests, at the port of each service. */
    readonly address: string,
  ) {}

  /** @param account of the pod that calls: who may be called goes by it */
  static async start(
    server: ControlPlane,
    istiod: Istiod,
    namespace: string,
    account: string,
    services: readonly Called[],
  ): Promise<CallerProxy> {
    const address = loopbackAddress();
    const name = `caller-${account}`;
    const labels = { app: name };
    await server.applyAll([listeningAt(address, labels, services, { name, namespace })]);
    const pod = { name, namespace, labels, account, address };
    return new CallerProxy(await Sidecar.start(server, istiod, pod), address);
  }

  stop(): Promise<void> {
    return this.sidecar.stop();
  }

  /** Waits until it divides the requests to a service so. @param shares percents by subset */
  async untilItDivides(host: string, shares: Readonly<Record<string, number>>): Promise<void> {
    await this.sidecar.until(async () => isDeepStrictEqual(await this.#sharesOf(host), shares));
  }

  /** Waits until it sends such shares of the requests to a service a second time. @param shares percents by subset */
  async untilItMirrors(host: string, shares: Readonly<Record<string, number>>): Promise<void> {
    await this.sidecar.until(async () => {
      const { request_mirror_policies: policies = [] } = (await this.routes(host)).at(-1)?.route ?? {};
      const told = policies.map(({ cluster, runtime_fraction: { default_value: share } }) => [
        cluster.split('|')[2],
        share.denominator === 'MILLION' ? share.numerator / 10_000 : Number.NaN,
      ]);
      return isDeepStrictEqual(Object.fromEntries(told), shares);
    });
  }

  /** How it carries requests to a service, by name of its virtual host. */
  async routes(host: string): Promise<readonly ProxyRoute[]> {
    const tables = await this.#dump('dynamic_route_configs');
    const hosts = tables.flatMap(
      ({ route_config }) => (route_config as { virtual_hosts: VirtualHost[] }).virtual_hosts,
    );
    return hosts.find(({ domains }) => domains.includes(host))?.routes ?? [];
  }

  /** How it treats the pods of each cluster, by Istio's name: `outbound|PORT|SUBSET|HOST`. */
  async clusters(): Promise<ReadonlyMap<string, Dump>> {
    const clusters = (await this.#dump('dynamic_active_clusters')).map(({ cluster }) => cluster as Dump);
    return new Map(clusters.map((one) => [String(one.name), one]));
  }

  /** Waits until it has refused something that istiod told it. */
  async untilItRefuses(): Promise<void> {
    await this.sidecar.until(async () => (await this.refusals()).length > 0);
  }

  /** Which parts of what istiod told it, by Envoy's counters, it did not take. */
  async refusals(): Promise<readonly string[]> {
    const counters = (await this.sidecar.ask('/stats?filter=update_rejected')).matchAll(
      /^(.*)\.update_rejected: [1-9]/gm,
    );
    return [...counters].map(([, part = '']) => part);
  }

  /** By subset, of those with a pod that it may ask. */
  async #sharesOf(host: string): Promise<Readonly<Record<string, number>>> {
    const { cluster = '', weighted_clusters } = (await this.routes(host)).at(-1)?.route ?? {};
    const clusters = weighted_clusters?.clusters ?? [{ name: cluster, weight: 100 }];
    const { cluster_statuses } = JSON.parse(await this.sidecar.ask('/clusters?format=json')) as Statuses;
    const peopled = new Set(cluster_statuses.filter((one) => one.host_statuses).map(({ name }) => name));
    const reachable = clusters.filter(({ name }) => peopled.has(name));
    return Object.fromEntries(reachable.map(({ name, weight }) => [name.split('|')[2], weight]));
  }

  async #dump(resource: string): Promise<readonly Dump[]> {
    const { configs = [] } = JSON.parse(await this.sidecar.ask(`/config_dump?resource=${resource}`)) as {
      configs?: Dump[];
    };
    return configs;
  }
}

interface Statuses {
  readonly cluster_statuses: readonly { readonly name: string; readonly host_statuses?: readonly unknown[] }[];
}

interface VirtualHost {
  readonly domains: readonly string[];
  readonly routes: readonly ProxyRoute[];
}

function listeningAt(
  bind: string,
  labels: Readonly<Record<string, string>>,
  services: readonly Called[],
  metadata: { readonly name: string; readonly namespace: string },
): Manifest {
  const listeners = services.map(({ name, port }) => ({
    port: { number: port, name, protocol: 'HTTP' },
    ...{ bind, captureMode: 'NONE', hosts: [`./${name}.${metadata.namespace}.svc.cluster.local`] },
  }));
  return {
    apiVersion: NETWORKING_API,
    kind: 'Sidecar',
    metadata,
    spec: { workloadSelector: { labels }, egress: listeners },
  };
}
