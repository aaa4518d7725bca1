import { SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';
import type { PodRequests, System } from '../model/system.js';
import { NodePool } from './node-pool.js';
import { Workload } from './workload.js';

/** Something that happens every so often, from a first time on. */
class Clockwork {
  #nextMs: number;

  constructor(
    private readonly everyMs: number,
    offsetMs: number,
  ) {
    this.#nextMs = offsetMs;
  }

  get nextMs(): number {
    return this.#nextMs;
  }

  isDue(nowMs: number): boolean {
    if (nowMs < this.#nextMs) return false;
    this.#nextMs += this.everyMs * (1 + Math.floor((nowMs - this.#nextMs) / this.everyMs));
    return true;
  }
}

/**
 * The cluster beneath the load: what Kubernetes, metrics-server, Prometheus and the cluster autoscaler do, each in its own time. Both
 * engines drive it; they only count what is served.
 */
export class Cluster {
  readonly pools: ReadonlyMap<string, NodePool>;
  readonly workloads: readonly Workload[];
  readonly byService: ReadonlyMap<string, readonly Workload[]>;
  /** Autoscaler syncs so far. */
  syncs = 0;
  #messages = { scraped: 0, recordedMessages: 0 };
  readonly #resources: Clockwork;
  readonly #scrape: Clockwork;
  readonly #rules: Clockwork;
  readonly #sync: Clockwork;
  readonly #scan: Clockwork;
  /** Each pool with the workloads that are on it. */
  readonly #filled: readonly { readonly pool: NodePool; readonly own: readonly Workload[] }[];
  /** Those of whose requests an autoscaler reads something: of the others nobody asks what Prometheus knows. */
  readonly #observed: readonly Workload[];
  #unscheduled = false;
  /** Until then nothing is due. */
  #idleUntilMs = Number.NEGATIVE_INFINITY;

  /** @param beforeScrape called with the time before anything is read, for engines that count in larger steps */
  constructor(
    readonly system: System,
    private readonly backlog: () => number,
    private readonly beforeScrape: (nowMs: number) => void = () => {},
  ) {
    const { nodes, pipeline } = system.assumed;
    this.pools = new Map(system.pools.map((pool) => [pool.key, new NodePool(pool, nodes)]));
    this.workloads = system.workloads.map((model) => new Workload(model, this.#pool(model.pool), system.assumed));
    this.#filled = [...this.pools].map(([key, pool]) => ({
      pool,
      own: this.workloads.filter(({ model }) => model.pool === key),
    }));
    this.#observed = this.workloads.filter(({ isScaledByRequests }) => isScaledByRequests);
    const services = new Set(system.workloads.map(({ service }) => service));
    this.byService = new Map(
      [...services].map((service) => [service, this.workloads.filter(({ model }) => model.service === service)]),
    );
    const every = (seconds: number, offsetSeconds: number) => new Clockwork(seconds * 1000, offsetSeconds * 1000);
    this.#resources = every(pipeline.resourceSeconds, pipeline.scrapeOffsetSeconds);
    this.#scrape = every(SCRAPE_INTERVAL_SECONDS, pipeline.scrapeOffsetSeconds);
    this.#rules = every(SCRAPE_INTERVAL_SECONDS, pipeline.ruleOffsetSeconds);
    this.#sync = every(pipeline.syncSeconds, pipeline.syncSeconds);
    this.#scan = every(nodes.scanSeconds, nodes.scanSeconds);
    this.#standUp();
  }

  /** The next time at which something is read or decided, in ms. Pods become ready in between, seen at the next second. */
  get nextMs(): number {
    return Math.min(
      this.#resources.nextMs,
      this.#scrape.nextMs,
      this.#rules.nextMs,
      this.#sync.nextMs,
      this.#scan.nextMs,
    );
  }

  /** Does whatever is due. Says whether anything that serves has changed. */
  advance(nowMs: number): boolean {
    if (nowMs < this.#idleUntilMs) return false;
    let changed = false;
    for (const workload of this.workloads) if (workload.advance(nowMs)) changed = true;
    const read = nowMs >= Math.min(this.#scrape.nextMs, this.#resources.nextMs);
    if (read) this.beforeScrape(nowMs);
    if (this.#resources.isDue(nowMs)) this.#readResources(nowMs);
    if (this.#scrape.isDue(nowMs)) {
      this.#messages.scraped = this.backlog();
      for (const { telemetry } of this.#observed) telemetry.scrape();
    }
    if (this.#rules.isDue(nowMs)) {
      this.#messages.recordedMessages = this.#messages.scraped;
      for (const { telemetry } of this.#observed) telemetry.evaluate();
    }
    if (this.#sync.isDue(nowMs)) {
      for (const workload of this.workloads) {
        this.syncs++;
        if (workload.sync(nowMs, this.#messages)) changed = true;
      }
      if (changed) this.#unscheduled = true;
    }
    if (this.#unscheduled) this.#schedule(nowMs);
    if (this.#scan.isDue(nowMs) && this.#scanNodes(nowMs)) changed = true;
    this.#idleUntilMs = this.#unscheduled ? nowMs : this.#nextChangeMs();
    return changed;
  }

  /** Nodes of all pools that are there or on their way: they are paid from the order on. */
  get nodes(): number {
    let count = 0;
    for (const { nodes } of this.pools.values()) count += nodes.length;
    return count;
  }

  #nextChangeMs(): number {
    let next = this.nextMs;
    for (const { nextChangeMs } of this.workloads) next = Math.min(next, nextChangeMs);
    return next;
  }

  #pool(key: string): NodePool {
    const pool = this.pools.get(key);
    if (!pool) throw new Error(`No pool has the nodes "${key}"; there are: ${[...this.pools.keys()].join('; ')}.`);
    return pool;
  }

  #standUp(): void {
    for (const [key, pool] of this.pools) {
      const standing = this.system.standing.filter((one) => one.pool === key);
      const models = this.workloads.filter(({ model }) => model.pool === key).map(({ model }) => model);
      const all = [...standing, ...models].flatMap(({ replicas, requests }) =>
        Array.from({ length: replicas }, () => requests),
      );
      pool.scaleUp(all, -1, 0);
      for (const { name, replicas, requests } of standing) {
        for (let n = 0; n < replicas; n++) pool.place(name, requests, 0);
      }
    }
    for (const workload of this.workloads) workload.standUp();
    this.#unscheduled = true;
  }

  #readResources(nowMs: number): void {
    const { resourceSeconds } = this.system.assumed.pipeline;
    for (const workload of this.workloads) {
      workload.telemetry.readResources(nowMs, resourceSeconds, workload.ready, workload.memoryBytesPerPod);
    }
  }

  #schedule(nowMs: number): void {
    this.#unscheduled = false;
    for (const workload of this.workloads) {
      workload.schedule(nowMs);
      if (workload.waiting > 0) this.#unscheduled = true;
    }
  }

  #scanNodes(nowMs: number): boolean {
    let changed = false;
    for (const { pool, own } of this.#filled) {
      if (pool.refused > 0 || (this.#unscheduled && own.some(isShort)))
        pool.scaleUp(own.flatMap(requestsWaiting), nowMs);
      pool.scaleDown(nowMs);
      const node = pool.movable(nowMs);
      // Standing pods have volumes and budgets; their nodes stay.
      if (!node || this.system.standing.some(({ name }) => (node.byWorkload.get(name) ?? 0) > 0)) continue;
      node.cordoned = true;
      for (const workload of own) workload.leave(node, nowMs);
      this.#unscheduled = true;
      changed = true;
    }
    return changed;
  }
}

function isShort({ waiting }: Workload): boolean {
  return waiting > 0;
}

function requestsWaiting({ waiting, model }: Workload): PodRequests[] {
  return new Array<PodRequests>(waiting).fill(model.requests);
}
