import type { Workload } from '../cluster/workload.js';
import { NO_WAIT, type Wait, waitOf } from '../model/queueing.js';

/** The own work of one workload's pods: requests of all kinds in one line before all its threads. */
export class Station {
  /** Requests that wait. */
  backlog = 0;
  /** Of the last tick. */
  arrivalsPerSecond = 0;
  servedPerSecond = 0;
  droppedPerSecond = 0;
  /** Since the recording began. */
  readonly sums = { arrivals: 0, served: 0, dropped: 0 };
  #cpuSecondsPerRequest = 0;
  /** Requests that can be served in a second, by so many ready pods. */
  #capacityPerSecond = 0;
  #ready = 0;
  /** In the last tick. */
  #served = 0;
  #capacity = 0;
  #wait: Wait = NO_WAIT;

  constructor(
    readonly workload: Workload,
    /** The processor's time that the proxy adds to each request; it works beside the process. */
    private readonly proxySeconds: number,
    private readonly idleCores: number,
    /** Requests give up after waiting so long. */
    private readonly patienceSeconds: number,
  ) {}

  get servers(): number {
    return this.workload.ready * this.workload.model.threads;
  }

  /** Share of the capacity that was used in the last tick. */
  get utilisation(): number {
    return this.#capacity > 0 ? this.#served / this.#capacity : this.backlog + this.droppedPerSecond > 0 ? 1 : 0;
  }

  /** @returns the share of what arrived that was served; above 1 while a line gets shorter */
  serve(arrivals: number, cpuSecondsPerRequest: number, tickSeconds: number): number {
    this.#reckonCapacity(cpuSecondsPerRequest);
    const capacity = this.#capacityPerSecond * tickSeconds;
    const available = this.backlog + arrivals;
    const served = Math.min(available, capacity);
    const left = available - served;
    const dropped = left > 0 ? Math.max(0, left - this.#capacityPerSecond * this.patienceSeconds) : 0;
    this.backlog = left - dropped;
    this.arrivalsPerSecond = arrivals / tickSeconds;
    this.servedPerSecond = served / tickSeconds;
    this.droppedPerSecond = dropped / tickSeconds;
    this.#served = served;
    this.#capacity = capacity;
    this.sums.arrivals += arrivals;
    this.sums.served += served;
    this.sums.dropped += dropped;
    const { counters, ready } = this.workload;
    counters.cpuSeconds +=
      served * (this.#cpuSecondsPerRequest + this.proxySeconds) + ready * this.idleCores * tickSeconds;
    return arrivals > 0 ? served / arrivals : 1;
  }

  forget(): void {
    this.sums.arrivals = 0;
    this.sums.served = 0;
    this.sums.dropped = 0;
  }

  /** Reckons anew how long a request waits, by the last tick. */
  measure(): void {
    const { coreShare } = this.workload.model;
    this.#wait = waitOf(this.servers, this.arrivalsPerSecond, this.#cpuSecondsPerRequest / coreShare);
  }

  /** Wait for a thread: at random while there is room, and behind the line that has formed. */
  get wait(): Wait {
    if (this.backlog <= 0) return this.#wait;
    return { mean: this.#wait.mean + this.lineSeconds, variance: this.#wait.variance };
  }

  /** Seldom changes, and is asked for in every tick. */
  #reckonCapacity(cpuSecondsPerRequest: number): void {
    const { ready, model } = this.workload;
    const isSame = cpuSecondsPerRequest <= 0 || cpuSecondsPerRequest === this.#cpuSecondsPerRequest;
    if (isSame && ready === this.#ready) return;
    if (cpuSecondsPerRequest > 0) this.#cpuSecondsPerRequest = cpuSecondsPerRequest;
    this.#ready = ready;
    const cpuSeconds = this.#cpuSecondsPerRequest;
    this.#capacityPerSecond = cpuSeconds > 0 ? (ready * model.threads * model.coreShare) / cpuSeconds : 0;
  }

  get lineSeconds(): number {
    this.#reckonCapacity(0);
    const capacity = this.#capacityPerSecond;
    return capacity > 0 ? this.backlog / capacity : this.backlog > 0 ? this.patienceSeconds : 0;
  }
}
