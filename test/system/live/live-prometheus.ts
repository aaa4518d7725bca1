import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { yamlOf } from '../../../constructs/index.js';
import { at, type Manifest } from '../../support/cluster.js';
import { freePorts, Program } from '../program.js';
import type { DiscoveredPod } from './discovered-pods.js';

/** One element of a vector. */
export interface LiveValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Looks so often, rather than every 15 seconds as in a cluster: a test waits for several scrapes. All windows stay as they are. */
const INTERVAL = '1s';

/** The fields of a scrape job that are the cluster's own: how pods are found, and what they are asked with. */
const CLUSTER_FIELDS = ['kubernetes_sd_configs', 'scheme', 'tls_config', 'authorization'];

/**
 * A Prometheus on loopback with an environment's own rules and scrape jobs. Of these only the discovery is another: a file that says of
 * each pod what Kubernetes would, so that the jobs' own relabelling chooses the targets and names them.
 */
export class LivePrometheus {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /** @param alertmanager `host:port` of who is told of alerts, which then wait for a second only. @default nobody */
  static async start(
    objects: readonly Manifest[],
    pods: readonly DiscoveredPod[],
    alertmanager?: string,
  ): Promise<LivePrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-prometheus-'));
    const [port = 0] = await freePorts(1);
    const files = filesOf(objects);
    const { global, scrape_configs } = load(files['prometheus.yaml'] ?? '') as PrometheusFile;
    const rules = join(folder, 'rules.yaml');
    const text = files['rules.yaml'] ?? '';
    writeFileSync(rules, alertmanager === undefined ? text : text.replace(/^( +for:) \w+$/gm, '$1 1s'));
    writeFileSync(
      join(folder, 'prometheus.yaml'),
      yamlOf({
        global: { ...global, scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
        rule_files: [rules],
        ...(alertmanager !== undefined && {
          alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
        }),
        scrape_configs: scrape_configs.flatMap((job) => liveJob(job, pods, folder)),
      }),
    );
    const program = new Program(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      folder,
    );
    const live = new LivePrometheus(program, folder, `http://127.0.0.1:${port}`);
    try {
      await program.until(async () => (await fetch(`${live.url}/-/ready`)).ok);
      return live;
    } catch (error) {
      await live.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits for a condition, as long as Prometheus runs. */
  until(ready: () => Promise<boolean>, timeoutMs?: number): Promise<void> {
    return this.program.until(ready, timeoutMs);
  }

  /** @throws with Prometheus's own words when it refuses the expression, or computing it fails */
  async ask(expr: string): Promise<readonly LiveValue[]> {
    const body = await this.#get(`query?query=${encodeURIComponent(expr)}`);
    const { resultType, result } = (body as { data: QueryData }).data;
    if (resultType === 'scalar') return [{ labels: {}, value: Number(result[1]) }];
    return (result as VectorElement[]).map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** What was recorded of a selector at two moments, then and now, as it answers: the text of a range query. @param since in seconds since 1970 */
  async recorded(selector: string, since: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const range = `start=${since}&end=${now}&step=${now - since}`;
    return JSON.stringify(await this.#get(`query_range?query=${encodeURIComponent(selector)}&${range}`));
  }

  /** Rules whose last evaluation failed: two series for the same labels, for one. */
  async failedRules(): Promise<readonly string[]> {
    const body = await this.#get('rules');
    const groups = at(body, 'data.groups') as readonly { rules: readonly Record<string, string>[] }[];
    return groups
      .flatMap(({ rules }) => rules)
      .filter(({ health }) => health !== 'ok')
      .map(({ name, health, lastError }) => `${name}: ${health} ${lastError}`);
  }

  async #get(path: string): Promise<unknown> {
    const body = await (await fetch(`${this.url}/api/v1/${path}`)).json();
    if (at(body, 'status') !== 'success') throw new Error(`${String(at(body, 'error'))}: ${decodeURIComponent(path)}`);
    return body;
  }
}

interface VectorElement {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

interface QueryData {
  readonly resultType: 'vector' | 'scalar';
  readonly result: readonly unknown[];
}

interface ScrapeJob {
  readonly job_name: string;
  readonly kubernetes_sd_configs?: readonly { readonly selectors: readonly { readonly label: string }[] }[];
  readonly [field: string]: unknown;
}

interface PrometheusFile {
  readonly global: object;
  readonly scrape_configs: readonly ScrapeJob[];
}

/** The files of an environment's Prometheus. */
function filesOf(objects: readonly Manifest[]): Record<string, string> {
  const maps = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data as Record<string, string>);
  const [files, ...more] = maps.filter((data) => data['rules.yaml'] !== undefined);
  if (files === undefined || more.length > 0) throw new Error('Not exactly one ConfigMap holds rules.yaml.');
  return files;
}

/** A job as it stands, over the pods that Kubernetes would tell it of by its selectors; none where it looks for none. */
function liveJob(job: ScrapeJob, pods: readonly DiscoveredPod[], folder: string): readonly object[] {
  const wanted = job.kubernetes_sd_configs?.flatMap(({ selectors }) =>
    selectors.flatMap(({ label }) => label.split(',')),
  );
  if (wanted === undefined) return [];
  const found = pods.filter(({ labels }) =>
    wanted.every((one) => labels[one.split('=')[0] ?? ''] === one.split('=')[1]),
  );
  const path = join(folder, `${job.job_name}.json`);
  writeFileSync(path, JSON.stringify(found.flatMap(({ targets }) => targets)));
  const own = Object.fromEntries(Object.entries(job).filter(([field]) => !CLUSTER_FIELDS.includes(field)));
  return [{ ...own, file_sd_configs: [{ files: [path] }] }];
}
