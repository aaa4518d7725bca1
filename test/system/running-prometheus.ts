import { load } from 'js-yaml';
import { yamlOf } from '../../constructs/index.js';
import { prometheus } from '../../contract/index.js';
import type { Cluster } from './cluster.js';
import type { RenderedEnvironment } from './environments.js';
import { eventually } from './eventually.js';
import { FakeLoad } from './fake-load.js';
import { PodDiscovery, type ScrapeJob } from './pod-discovery.js';
import { freePorts } from './program.js';
import { type Rules, rulesOf } from './promtool.js';
import { configurationOf, written } from './written-configuration.js';

/** Scrapes and evaluations come so often here; the contract's interval is for clusters. */
const INTERVAL = '2s';
/** So long alerts wait here. What they wait in a cluster is promtool's to judge. */
const FOR = '10s';

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** A real Prometheus outside the cluster, with the kit's configuration and the rights of its own service account, before pods that say what `load` makes of them. */
export class RunningPrometheus {
  private constructor(
    readonly url: string,
    readonly load: FakeLoad,
    private readonly discovery: PodDiscovery,
  ) {}

  /** @returns when every scaling metric has a value */
  static async start({ server, network }: Cluster, environment: RenderedEnvironment): Promise<RunningPrometheus> {
    const config = load(configurationOf(environment, prometheus.name)['prometheus.yaml'] ?? '') as PrometheusConfig;
    const token = await server.tokenOfAccount(environment.namespace, prometheus.name);
    const discovery = await PodDiscovery.start(server.port, token, config.scrape_configs);
    const fake = new FakeLoad(discovery);
    network.answer = ({ ip }) => fake.metricsAt(ip);

    const [port = 0] = await freePorts(1);
    const rules = rulesOf(environment);
    const files = { rules: written(server, 'rules.yaml', yamlOf(impatient(rules))), proxy: network.url, discovery };
    const program = server.run(prometheus.name, [
      `--config.file=${written(server, 'prometheus.yaml', yamlOf(throughProxy(config, files)))}`,
      ...['--storage.tsdb.path=prometheus', `--web.listen-address=127.0.0.1:${port}`],
    ]);
    const running = new RunningPrometheus(`http://127.0.0.1:${port}`, fake, discovery);
    await program.until(async () => (await fetch(`${running.url}/-/ready`)).ok);
    await eventually(() => running.#without(rules));
    return running;
  }

  /** The labels of the alerts that fire now. */
  async firing(): Promise<readonly Alert['labels'][]> {
    const { alerts } = await this.#ask<{ alerts: Alert[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
  }

  async stop(): Promise<void> {
    await this.discovery.stop();
  }

  /** The recorded scaling metrics that have no value yet. */
  async #without({ groups }: Rules): Promise<readonly string[]> {
    const names = new Set(groups.find(({ name }) => name === 'scaling')?.rules.flatMap(({ record }) => record ?? []));
    const found = await Promise.all(
      [...names].map(async (name) => (await this.#ask<{ result: object[] }>(`query?query=${name}`)).result.length),
    );
    return [...names].filter((_, i) => found[i] === 0);
  }

  async #ask<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    return ((await response.json()) as { data: Data }).data;
  }
}

interface PrometheusConfig {
  readonly global: object;
  readonly scrape_configs: readonly ScrapeJob[];
}

/** The kit's configuration, but for how pods are found and reached, and for the pace. */
function throughProxy(
  config: PrometheusConfig,
  { rules, proxy, discovery }: { rules: string; proxy: string; discovery: PodDiscovery },
): object {
  return {
    ...config,
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: [rules],
    scrape_configs: config.scrape_configs.map(({ kubernetes_sd_configs: _, ...job }) => ({
      ...withoutMesh(job),
      proxy_url: proxy,
      http_sd_configs: [{ url: discovery.urlOf(job.job_name), refresh_interval: INTERVAL }],
    })),
  };
}

/** Fake pods have no proxies, and so no certificates of the mesh. */
function withoutMesh({ scheme, tls_config, ...job }: Omit<ScrapeJob, 'kubernetes_sd_configs'>): object {
  return tls_config?.cert_file === undefined ? { ...job, scheme, tls_config } : job;
}

/** The kit's rules; only that alerts do not wait for as long. */
function impatient({ groups }: Rules): object {
  return {
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (rule.alert === undefined ? rule : { ...rule, for: FOR })),
    })),
  };
}
