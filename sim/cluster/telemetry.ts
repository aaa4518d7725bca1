import { LATENCY_BUCKETS_SECONDS, RATE_WINDOW_SECONDS, SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';

const BUCKETS = LATENCY_BUCKETS_SECONDS.length + 1;

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
}

/** What metrics-server and Prometheus know of one workload: what was so at the last scrape, and no more. */
export class Telemetry {
  /** Cores of each pod over the last window, and when it ended. */
  coresPerPod = 0;
  memoryBytes = 0;
  resourcesAtMs = Number.NEGATIVE_INFINITY;
  readonly #scrapes: { readonly requests: number; readonly buckets: Float64Array }[] = [];
  #cpuSeconds = 0;
  #recorded: { readonly buckets: Float64Array; readonly requestsPerSecond: number } | undefined;

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
    const { requests, buckets } = this.counters;
    this.#scrapes.push({ requests, buckets: buckets.slice() });
    if (this.#scrapes.length > KEPT) this.#scrapes.shift();
  }

  /** The recording rules: rates over the window. */
  evaluate(): void {
    const [first] = this.#scrapes;
    const last = this.#scrapes.at(-1);
    if (!first || !last) return;
    const seconds = Math.max(1, this.#scrapes.length - 1) * SCRAPE_INTERVAL_SECONDS;
    this.#recorded = {
      buckets: last.buckets.map((count, i) => count - (first.buckets[i] ?? 0)),
      requestsPerSecond: (last.requests - first.requests) / seconds,
    };
  }

  get requestsPerSecond(): number {
    return this.#recorded?.requestsPerSecond ?? 0;
  }

  /** `histogram_quantile`: straight within a bucket, the last bound beyond it, 0 without requests. */
  quantile(share: number): number {
    const buckets = this.#recorded?.buckets;
    const total = buckets?.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!buckets || total <= 1e-9) return 0;
    const rank = share * total;
    let before = 0;
    for (const [i, bound] of LATENCY_BUCKETS_SECONDS.entries()) {
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
