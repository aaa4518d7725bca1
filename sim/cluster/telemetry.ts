import { LATENCY_BUCKETS_SECONDS, RATE_WINDOW_SECONDS, SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';
import type { LatencyMix } from '../model/latency-mix.js';

const BUCKETS = LATENCY_BUCKETS_SECONDS.length + 1;
const LOG_BOUNDS = Float64Array.from(LATENCY_BUCKETS_SECONDS, Math.log);

/** Scrapes that a rate looks back over: those in its window, and the one before them to count from. */
const KEPT = RATE_WINDOW_SECONDS / SCRAPE_INTERVAL_SECONDS + 1;

/** What an engine counts for one workload, all pods together, since the run began. */
export class Counters {
  cpuSeconds = 0;
  requests = 0;
  /** Requests that took no longer than each bucket's bound, and longer than the one before; the last is +Inf's. */
  readonly buckets = new Float64Array(BUCKETS);
  /** Under way at this moment. */
  inFlight = 0;

  observe(seconds: number): void {
    let low = 0;
    let high = BUCKETS - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seconds <= (LATENCY_BUCKETS_SECONDS[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
      else low = middle + 1;
    }
    this.buckets[low] = (this.buckets[low] ?? 0) + 1;
    this.requests++;
  }

  /** So many requests at once, whose times are a mix that was taken into buckets: once for all workloads that answer alike. */
  observeShares(requests: number, { within }: BucketShares): void {
    if (requests <= 0) return;
    this.requests += requests;
    let before = 0;
    for (let i = 0; i < BUCKETS; i++) {
      this.buckets[i] = (this.buckets[i] as number) + requests * ((within[i] as number) - before);
      before = within[i] as number;
    }
  }
}

/** How the times of a mix fall into the buckets: the shares that take no longer than each one's bound. */
export class BucketShares {
  readonly within = new Float64Array(BUCKETS);

  take(mix: LatencyMix): void {
    mix.sharesWithin(LOG_BOUNDS, this.within);
    this.within[BUCKETS - 1] = 1;
  }
}

/** What metrics-server and Prometheus know of one workload: what was so at the last scrape, and no more. */
export class Telemetry {
  /** Cores of each pod over the last window, and when it ended. */
  coresPerPod = 0;
  memoryBytes = 0;
  resourcesAtMs = Number.NEGATIVE_INFINITY;
  readonly #scrapes: { requests: number; readonly buckets: Float64Array }[] = [];
  #cpuSeconds = 0;
  /** Growth over the window, by bucket; undefined until the rules were evaluated once. */
  #recorded: { readonly buckets: Float64Array; total: number; requestsPerSecond: number } | undefined;

  constructor(private readonly counters: Counters) {}

  /** metrics-server's scrape. */
  readResources(nowMs: number, windowSeconds: number, pods: number, memoryBytes: number): void {
    const used = this.counters.cpuSeconds - this.#cpuSeconds;
    this.#cpuSeconds = this.counters.cpuSeconds;
    this.coresPerPod = pods > 0 ? used / windowSeconds / pods : 0;
    this.memoryBytes = memoryBytes;
    this.resourcesAtMs = nowMs;
  }

  /** Prometheus's scrape. */
  scrape(): void {
    // The oldest gives its place to the newest.
    const oldest = this.#scrapes.length < KEPT ? undefined : this.#scrapes.shift();
    const scrape = oldest ?? { requests: 0, buckets: new Float64Array(BUCKETS) };
    scrape.requests = this.counters.requests;
    const { buckets } = this.counters;
    // For so few a loop is quicker than `set`.
    for (let i = 0; i < BUCKETS; i++) scrape.buckets[i] = buckets[i] as number;
    this.#scrapes.push(scrape);
  }

  /** The recording rules: rates over the window. */
  evaluate(): void {
    const [first] = this.#scrapes;
    const last = this.#scrapes.at(-1);
    if (!first || !last) return;
    const seconds = Math.max(1, this.#scrapes.length - 1) * SCRAPE_INTERVAL_SECONDS;
    this.#recorded ??= { buckets: new Float64Array(BUCKETS), total: 0, requestsPerSecond: 0 };
    const { buckets } = this.#recorded;
    let total = 0;
    for (let i = 0; i < BUCKETS; i++) {
      const grown = (last.buckets[i] as number) - (first.buckets[i] as number);
      buckets[i] = grown;
      total += grown;
    }
    this.#recorded.total = total;
    this.#recorded.requestsPerSecond = (last.requests - first.requests) / seconds;
  }

  get requestsPerSecond(): number {
    return this.#recorded?.requestsPerSecond ?? 0;
  }

  /** `histogram_quantile`: straight within a bucket, the last bound beyond it, 0 without requests. */
  quantile(share: number): number {
    if (!this.#recorded || this.#recorded.total <= 1e-9) return 0;
    const { buckets, total } = this.#recorded;
    const rank = share * total;
    let before = 0;
    for (let i = 0; i < LATENCY_BUCKETS_SECONDS.length; i++) {
      const bound = LATENCY_BUCKETS_SECONDS[i] as number;
      const count = buckets[i] ?? 0;
      if (before + count >= rank && count > 0) {
        const from = i === 0 ? 0 : (LATENCY_BUCKETS_SECONDS[i - 1] ?? 0);
        return from + (bound - from) * ((rank - before) / count);
      }
      before += count;
    }
    return LATENCY_BUCKETS_SECONDS.at(-1) ?? 0;
  }
}
