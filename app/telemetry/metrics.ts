import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry } from 'prom-client';
import {
  type Counter,
  type Gauge,
  type Histogram,
  type Metric,
  processCpu,
  type ServiceSpec,
} from '../../contract/index.js';

type Labels<L extends string> = Readonly<Record<L, string>>;

/** What was counted since the counter was last read. */
interface Tally {
  readonly counter: PromCounter;
  readonly labels: Labels<string>;
  value: number;
}

/** One series of a metric. */
interface Sample<L extends string> {
  readonly labels: Labels<L>;
  readonly value: number;
}

/**
 * The metrics of one process: exactly those that its contract lists. Emitting another throws, so the `/metrics` page and what
 * the cluster scrapes cannot drift apart.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, PromCounter>();
  readonly #gauges = new Map<string, PromGauge>();
  readonly #histograms = new Map<string, PromHistogram>();
  readonly #tallies: Tally[] = [];
  readonly #measurements: (() => Promise<void>)[] = [];

  constructor(readonly service: Pick<ServiceSpec, 'name' | 'metrics'>) {
    for (const metric of service.metrics) this.#register(metric);
  }

  count<L extends string>(metric: Counter<L>, labels: Labels<L>, value = 1): void {
    this.#find(this.#counters, metric).inc(labels, value);
  }

  /** Counts one set of labels at the price of an addition, for what happens more often than a map of labels can bear. */
  tally<L extends string>(metric: Counter<L>, labels: Labels<L>): () => void {
    const tally: Tally = { counter: this.#find(this.#counters, metric), labels, value: 0 };
    this.#tallies.push(tally);
    return () => {
      tally.value += 1;
    };
  }

  set<L extends string>(metric: Gauge<L>, labels: Labels<L>, value: number): void {
    this.#find(this.#gauges, metric).set(labels, value);
  }

  /**
   * Has a gauge measured whenever somebody looks. What the measurement leaves out has no value then: an old one would look like no change.
   * @param measure must not throw
   */
  measure<L extends string>(metric: Gauge<L>, measure: () => Promise<readonly Sample<L>[]>): void {
    const gauge = this.#find(this.#gauges, metric);
    this.#measurements.push(async () => {
      const samples = await measure();
      gauge.reset();
      for (const { labels, value } of samples) gauge.set(labels, value);
    });
  }

  /** Takes back all that was set, where another process has the say now. */
  forget(metric: Gauge): void {
    this.#find(this.#gauges, metric).reset();
  }

  observe<L extends string>(metric: Histogram<L>, labels: Labels<L>, value: number): void {
    this.#find(this.#histograms, metric).observe(labels, value);
  }

  /** Current values of a counter, one entry for each set of labels. */
  async read(
    metric: Counter,
  ): Promise<readonly { readonly labels: Partial<Record<string, string | number>>; readonly value: number }[]> {
    this.#drain();
    return (await this.#find(this.#counters, metric).get()).values;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The page in the Prometheus text format. */
  async expose(): Promise<string> {
    await Promise.all(this.#measurements.map((measure) => measure()));
    this.#drain();
    return this.#registry.metrics();
  }

  #drain(): void {
    for (const tally of this.#tallies) {
      tally.counter.inc(tally.labels, tally.value);
      tally.value = 0;
    }
  }

  #register(metric: Metric): void {
    const config = {
      name: metric.name,
      help: metric.help,
      labelNames: [...metric.labels],
      registers: [this.#registry],
    };
    if (metric === processCpu) new PromCounter({ ...config, collect: readProcessorTime });
    else if (metric.kind === 'counter') this.#counters.set(metric.name, new PromCounter(config));
    else if (metric.kind === 'gauge') this.#gauges.set(metric.name, new PromGauge(config));
    else this.#histograms.set(metric.name, new PromHistogram({ ...config, buckets: [...(metric.buckets ?? [])] }));
  }

  #find<T>(registered: ReadonlyMap<string, T>, metric: Metric): T {
    const found = registered.get(metric.name);
    if (found !== undefined) return found;
    throw new Error(
      `${this.service.name} emits ${metric.name}, which its contract does not list: add it to the service's metrics.`,
    );
  }
}

/** Of this process, as it stands at the scrape. */
function readProcessorTime(this: PromCounter): void {
  const { user, system } = process.cpuUsage();
  this.reset();
  this.inc((user + system) / 1e6);
}
