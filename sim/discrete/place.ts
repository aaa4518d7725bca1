import type { Cluster } from '../cluster/cluster.js';
import type { Workload } from '../cluster/workload.js';
import { LatencyHistogram } from '../model/latency-histogram.js';
import type { System } from '../model/system.js';
import type { Meter } from '../report/meter.js';
import { ServerLine } from './server-line.js';

/** A workload with the line before its threads, and what happened there since the recording began. */
export class Place {
  arrivals = 0;
  served = 0;
  rejected = 0;
  /** Requests whose visit has begun and not ended. */
  inFlight = 0;
  readonly service: string;
  /** It has slots for tasks. */
  readonly isWorker: boolean;
  /** In a worker's hands the work goes on beside the other tasks: its thread is hardly used, unless it is everybody's. */
  readonly waitsForThread: boolean;
  /** The processor's time that the proxy adds to each request. */
  readonly proxySeconds: number;
  /** Of the span that is being recorded. */
  times = new LatencyHistogram();
  #waitSeconds = 0;
  #waits = 0;

  constructor(
    /** Its number among the places. */
    readonly at: number,
    readonly workload: Workload,
    /** Of its threads. */
    readonly line: ServerLine,
    { assumed: { pods }, oneProcess = false }: System,
  ) {
    const { sidecar, service, slots } = workload.model;
    this.service = service;
    this.isWorker = slots !== undefined;
    this.waitsForThread = oneProcess || !this.isWorker;
    this.proxySeconds = sidecar ? pods.sidecar.cpuMs / 1000 : 0;
  }

  waited(seconds: number): void {
    this.#waitSeconds += seconds;
    this.#waits++;
  }

  beginRecord(): void {
    this.arrivals = 0;
    this.served = 0;
    this.rejected = 0;
  }

  beginSpan(): void {
    this.times = new LatencyHistogram();
    this.#waitSeconds = 0;
    this.#waits = 0;
  }

  /** @param line of the tasks where it is the worker, else its own */
  meter(line: ServerLine): Meter {
    const place = this;
    return {
      get arrivals() {
        return place.arrivals;
      },
      get served() {
        return place.served;
      },
      get rejected() {
        return place.rejected;
      },
      get queued() {
        return line.waiting;
      },
      get waitSeconds() {
        return place.#waits > 0 ? place.#waitSeconds / place.#waits : 0;
      },
      get utilisation() {
        const { busy, servers } = line;
        return servers > 0 ? Math.min(1, busy / servers) : busy > 0 ? 1 : 0;
      },
      quantiles: () => ({
        p50: place.times.quantile(0.5),
        p95: place.times.quantile(0.95),
        p99: place.times.quantile(0.99),
      }),
    };
  }
}

/** The places of all workloads, and which of them serves a step. */
export class Places {
  readonly all: readonly Place[];
  readonly #byService: ReadonlyMap<string, readonly number[]>;

  constructor(
    system: System,
    cluster: Cluster,
    private readonly random: () => number,
  ) {
    const shared = system.oneProcess ? new ServerLine(0) : undefined;
    this.all = cluster.workloads.map((workload, at) => new Place(at, workload, shared ?? new ServerLine(0), system));
    const services = [...new Set(this.all.map(({ service }) => service))];
    this.#byService = new Map(
      services.map((name) => [name, this.all.flatMap(({ service }, i) => (service === name ? [i] : []))]),
    );
  }

  /** Places of a service's workloads. */
  of(service: string): readonly number[] {
    return this.#byService.get(service) ?? [];
  }

  /** One of them, by its share of the traffic; -1 where there is none. */
  choose(places: readonly number[]): number {
    if (places.length === 1) return places[0] as number;
    let left = this.random();
    for (const at of places) {
      left -= this.all[at]?.workload.model.trafficShare ?? 0;
      if (left < 0) return at;
    }
    return places.at(-1) ?? -1;
  }

  /** The first of the service. */
  first(service: string): Place | undefined {
    return this.all[this.#byService.get(service)?.[0] ?? -1];
  }
}
