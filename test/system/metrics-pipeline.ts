import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { yamlOf } from '../../constructs/yaml.js';
import { at, find, type Manifest } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';
import { freePorts, Program } from './program.js';

/** One sample of a query: the series' labels and its value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a pod answers to a scrape, or `undefined` where nobody answers. */
export type Exposition = (job: string, pod: string) => string | undefined;

/**
 * Prometheus and prometheus-adapter, run by the very configuration that an environment generated, over pods that no container
 * stands behind: this process finds the pods for Prometheus (Debian's is built without Kubernetes discovery) and answers for them.
 * The resource metrics API is this process too: every pod uses little.
 */
export class MetricsPipeline {
  readonly #programs: Program[] = [];
  readonly #servers: Server[] = [];
  #prometheusUrl = '';
  #adapter: Program | undefined;
  exposition: Exposition = () => undefined;

  private constructor(
    readonly plane: ControlPlane,
    readonly namespace: string,
  ) {}

  static async start(plane: ControlPlane, objects: readonly Manifest[], namespace: string): Promise<MetricsPipeline> {
    const pipeline = new MetricsPipeline(plane, namespace);
    await pipeline.#startPrometheus(objects);
    await pipeline.#startAdapter(objects);
    await pipeline.#serveResourceMetrics();
    return pipeline;
  }

  async stop(): Promise<void> {
    for (const program of this.#programs.toReversed()) await program.stop();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  /** Evaluates an expression now. */
  async query(expression: string): Promise<readonly Sample[]> {
    const url = `${this.#prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { status, data, error } = (await (await fetch(url)).json()) as {
      status: string;
      error?: string;
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (status !== 'success') throw new Error(`${expression}: ${error}`);
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Names of the alerts that fire, or wait for their time to be over. */
  async alerts(): Promise<readonly string[]> {
    const { data } = (await (await fetch(`${this.#prometheusUrl}/api/v1/alerts`)).json()) as {
      data: { alerts: { labels: { alertname: string } }[] };
    };
    return data.alerts.map(({ labels }) => labels.alertname);
  }

  /** Ends the metrics API; autoscalers get errors from then on. */
  async stopAdapter(): Promise<void> {
    await this.#adapter?.stop();
  }

  async #startPrometheus(objects: readonly Manifest[]): Promise<void> {
    const discovery = await this.#serve((incoming, outgoing) => this.#answerPrometheus(incoming, outgoing));
    const { data } = find(objects, 'ConfigMap', 'prometheus-configuration') as Manifest & {
      data: Record<string, string>;
    };
    const { alerting: _, ...config } = load(data['prometheus.yaml'] ?? '') as {
      alerting?: object;
      scrape_configs: { job_name: string }[];
    };
    const folder = this.plane.folder;
    writeFileSync(
      join(folder, 'prometheus.yaml'),
      yamlOf({
        ...config,
        global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '2s' },
        rule_files: ['rules.yaml'],
        scrape_configs: config.scrape_configs.map((job) => overLoopback(job, discovery)),
      }),
    );
    writeFileSync(join(folder, 'rules.yaml'), data['rules.yaml'] ?? '');
    const [port = 0] = await freePorts(1);
    this.#prometheusUrl = `http://127.0.0.1:${port}`;
    const prometheus = this.#run('prometheus', [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=prometheus',
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await prometheus.until(async () => (await fetch(`${this.#prometheusUrl}/-/ready`)).ok);
  }

  async #startAdapter(objects: readonly Manifest[]): Promise<void> {
    const { data } = find(objects, 'ConfigMap', 'prometheus-adapter-configuration') as Manifest & {
      data: Record<string, string>;
    };
    writeFileSync(join(this.plane.folder, 'adapter.yaml'), data['config.yaml'] ?? '');
    const [port = 0] = await freePorts(1);
    const { kubeconfig } = this.plane;
    this.#adapter = this.#run('prometheus-adapter', [
      ...['--config=adapter.yaml', '--metrics-relist-interval=2s', `--prometheus-url=${this.#prometheusUrl}`],
      ...['--bind-address=127.0.0.1', `--secure-port=${port}`, '--cert-dir=adapter'],
      ...['lister', 'authentication', 'authorization'].map((use) => `--${use}-kubeconfig=${kubeconfig}`),
    ]);
    const apis = objects.filter(({ kind }) => kind === 'APIService');
    for (const api of apis) await this.#registerHere(api, port);
    await this.#adapter.until(async () =>
      (await Promise.all(apis.map((api) => this.#isAvailable(api)))).every(Boolean),
    );
  }

  /** Fake pods use a tenth of a CPU and of a GiB each. */
  async #serveResourceMetrics(): Promise<void> {
    const key = readFileSync(join(this.plane.folder, 'front.key'));
    const cert = readFileSync(join(this.plane.folder, 'front.crt'));
    const server = createTlsServer({ key, cert }, (incoming, outgoing) =>
      this.#answerResourceMetrics(incoming, outgoing),
    );
    const port = await listen(server as unknown as Server);
    this.#servers.push(server as unknown as Server);
    const api: Manifest = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
    };
    await this.#registerHere(api, port);
  }

  #run(name: string, args: readonly string[]): Program {
    const program = new Program(name, args, this.plane.folder);
    this.#programs.push(program);
    return program;
  }

  async #serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      answer(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
    });
    this.#servers.push(server);
    return `http://127.0.0.1:${await listen(server)}`;
  }

  /** The API server finds the API on loopback instead of at pods that are not there. */
  async #registerHere(api: Manifest, port: number): Promise<void> {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: `here-${port}`, namespace: 'default' } };
    const spec = at(api, 'spec') as object;
    await this.plane.applyAll([
      { ...service, spec: { type: 'ExternalName', externalName: 'localhost' } },
      {
        ...api,
        spec: {
          ...spec,
          insecureSkipTLSVerify: true,
          service: { name: service.metadata.name, namespace: 'default', port },
        },
      },
    ]);
  }

  async #isAvailable(api: Manifest): Promise<boolean> {
    const { body } = await this.plane.get(api);
    const conditions = (at(body, 'status.conditions') ?? []) as { type: string; status: string }[];
    return conditions.some(({ type, status }) => type === 'Available' && status === 'True');
  }

  /** `/discovery/JOB`: its pods, with the labels that Kubernetes discovery gives; `/pods/JOB/POD`: what the pod answers. */
  async #answerPrometheus(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [, what, job = '', pod = ''] = (incoming.url ?? '').split('?')[0]?.split('/') ?? [];
    if (what === 'pods') {
      const text = this.exposition(job, pod);
      outgoing.writeHead(text === undefined ? 503 : 200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text);
      return;
    }
    const pods = await this.plane.list('v1', 'Pod', this.namespace);
    const own = pods.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === job);
    const here = incoming.headers.host ?? '';
    outgoing
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(own.flatMap((one) => discovered(one, job, here))));
  }

  async #answerResourceMetrics(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'https://localhost');
    outgoing.setHeader('Content-Type', 'application/json');
    if (!url.pathname.endsWith('/pods')) {
      const resources = [
        { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
      ];
      outgoing.end(
        JSON.stringify({
          kind: 'APIResourceList',
          apiVersion: 'v1',
          groupVersion: 'metrics.k8s.io/v1beta1',
          resources,
        }),
      );
      return;
    }
    const wanted = (url.searchParams.get('labelSelector') ?? '').split(',').map((term) => term.split('='));
    const pods = await this.plane.list('v1', 'Pod', this.namespace);
    const items = pods
      .filter(({ metadata }) => wanted.every(([key = '', value]) => metadata.labels?.[key] === value))
      .map(({ metadata, spec }) => ({
        metadata: { name: metadata.name, namespace: this.namespace },
        timestamp: new Date().toISOString(),
        window: '30s',
        containers: (at(spec, 'containers') as { name: string }[]).map(({ name }) => ({
          name,
          usage: { cpu: '100m', memory: '100Mi' },
        })),
      }));
    outgoing.end(JSON.stringify({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items }));
  }
}

/** The same job, its pods found by and scraped from this process. */
function overLoopback(job: { readonly job_name: string }, discovery: string): object {
  const { kubernetes_sd_configs, scheme, tls_config, authorization, params, ...kept } = job as Record<string, unknown>;
  return { ...kept, http_sd_configs: [{ url: `${discovery}/discovery/${job.job_name}`, refresh_interval: '2s' }] };
}

/** One target for each port of a pod. */
function discovered(pod: Manifest, job: string, here: string): object[] {
  const containers = at(pod, 'spec.containers') as { ports?: { containerPort: number }[] }[];
  const ports = containers.flatMap((container) => container.ports ?? []);
  return ports.map(({ containerPort }) => ({
    targets: [here],
    labels: {
      __metrics_path__: `/pods/${job}/${pod.metadata.name}`,
      __meta_kubernetes_namespace: pod.metadata.namespace,
      __meta_kubernetes_pod_name: pod.metadata.name,
      __meta_kubernetes_pod_phase: at(pod, 'status.phase'),
      __meta_kubernetes_pod_container_port_number: String(containerPort),
      __meta_kubernetes_pod_label_version: pod.metadata.labels?.version ?? '',
    },
  }));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}
