import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { at } from '../support/cluster.js';
import { ApiClient } from './api-client.js';
import type { Pod } from './cluster.js';

/** Of a scrape job, where its pods are looked for. */
interface PodSearch {
  readonly namespaces: { readonly names: readonly string[] };
  readonly selectors: readonly { readonly label: string }[];
}

/** A scrape job of the kit, as Prometheus reads it. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly PodSearch[];
  readonly scheme?: string;
  readonly tls_config?: { readonly cert_file?: string };
}

/**
 * Finds pods for a Prometheus that is built without Kubernetes (Debian's): it looks for them as that does, with the token of Prometheus's
 * own service account, and says the same of them (prometheus/discovery/kubernetes/pod.go), of what the kit's relabelling reads.
 */
export class PodDiscovery {
  readonly #server: Server;
  /** What was found last, by job. */
  readonly #found = new Map<string, readonly Pod[]>();

  private constructor(
    private readonly client: ApiClient,
    private readonly jobs: readonly ScrapeJob[],
  ) {
    this.#server = createServer(async ({ url = '' }, response) => {
      try {
        const groups = await this.#targets(decodeURIComponent(url.slice(1)));
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(groups));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  }

  static async start(apiPort: number, token: string, jobs: readonly ScrapeJob[]): Promise<PodDiscovery> {
    const discovery = new PodDiscovery(new ApiClient(apiPort, token), jobs);
    discovery.#server.listen(0, '127.0.0.1');
    await once(discovery.#server, 'listening');
    return discovery;
  }

  /** Where Prometheus asks for the targets of a job. */
  urlOf(job: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${encodeURIComponent(job)}`;
  }

  /** The pod that has an address, as far as it was found. */
  podAt(ip: string): Pod | undefined {
    return [...this.#found.values()].flat().find(({ status }) => status.podIP === ip);
  }

  /** The pods of a job that run, as far as they were found. */
  runningPodsOf(job: string): readonly Pod[] {
    return (this.#found.get(job) ?? []).filter(({ status }) => status.phase === 'Running');
  }

  async stop(): Promise<void> {
    this.client.close();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #targets(name: string): Promise<readonly object[]> {
    const searches = this.jobs.find((one) => one.job_name === name)?.kubernetes_sd_configs ?? [];
    const pods = (await Promise.all(searches.map((search) => this.#search(search)))).flat();
    this.#found.set(name, pods);
    return pods.flatMap(targetsOf);
  }

  async #search({ namespaces, selectors }: PodSearch): Promise<readonly Pod[]> {
    const label = encodeURIComponent(selectors.map((one) => one.label).join(','));
    const path = `/api/v1/namespaces/${namespaces.names[0]}/pods?labelSelector=${label}`;
    const { status, body } = await this.client.send('GET', path);
    if (status !== 200) throw new Error(`Prometheus may not look for pods: ${body.message}`);
    return (body.items ?? []) as readonly Pod[];
  }
}

/** One target for each port that a container declares. */
function targetsOf(pod: Pod): readonly object[] {
  const { metadata, spec, status } = pod;
  const { podIP } = status;
  if (podIP === undefined) return [];
  const labels = Object.entries(metadata.labels).map(([key, value]) => [
    `__meta_kubernetes_pod_label_${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`,
    value,
  ]);
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  return ports.map(({ containerPort }) => ({
    targets: [`${podIP}:${containerPort}`],
    labels: {
      __meta_kubernetes_namespace: at(metadata, 'namespace'),
      __meta_kubernetes_pod_name: metadata.name,
      __meta_kubernetes_pod_phase: status.phase,
      __meta_kubernetes_pod_container_port_number: String(containerPort),
      ...Object.fromEntries(labels),
    },
  }));
}
