import { RATE_WINDOW_SECONDS, SCRAPE_INTERVAL_SECONDS } from '../../contract/index.js';
import { AddedTimes, AnsweredInWindow, type AnsweredTimes, CountedTimes, NO_TIMES } from './answered-times.js';

/** Of the times between scrapes, those that a rate looks back over. */
const KEPT = RATE_WINDOW_SECONDS / SCRAPE_INTERVAL_SECONDS;

/** What an engine counts for one workload, all pods together, since the run began. */
export class Counters {
  cpuSeconds = 0;
  /** Under way at this moment. */
  inFlight = 0;
  /** Since the last scrape. */
  #answered: AnsweredTimes = NO_TIMES;
  #counted: CountedTimes | undefined;

  /** One request. */
  observe(seconds: number): void {
    if (!this.#counted) {
      this.#counted = new CountedTimes();
      this.observeAll(this.#counted);
    }
    this.#counted.observe(seconds);
  }

  /** Many at once. */
  observeAll(times: AnsweredTimes): void {
    this.#answered = this.#answered === NO_TIMES ? times : new AddedTimes(this.#answered, times);
  }

  /** What was answered since it was asked last. */
  takeAnswered(): AnsweredTimes {
    const answered = this.#answered;
    this.#answered = NO_TIMES;
    this.#counted = undefined;
    return answered;
  }
}

/** What metrics-server and Prometheus know of one workload: what was so at the last scrape, and no more. */
export class Telemetry {
  /** Cores of each pod over the last window, and when it ended. */
  coresPerPod = 0;
  memoryBytes = 0;
  resourcesAtMs = Number.NEGATIVE_INFINITY;
  /** What was answered from scrape to scrape. Undefined before the first, which is only there to count from. */
  #scrapes: AnsweredTimes[] | undefined;
  #cpuSeconds = 0;
  /** Of the window, when the rules were evaluated last. */
  readonly #recorded = new AnsweredInWindow();
  requestsPerSecond = 0;

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
    const answered = this.counters.takeAnswered();
    if (!this.#scrapes) {
      this.#scrapes = [];
      return;
    }
    if (this.#scrapes.length === KEPT) this.#scrapes.shift();
    this.#scrapes.push(answered);
  }

  /** The recording rules: rates over the window. */
  evaluate(): void {
    const scrapes = this.#scrapes ?? [];
    this.#recorded.take(scrapes);
    this.requestsPerSecond = this.#recorded.requests / (Math.max(1, scrapes.length) * SCRAPE_INTERVAL_SECONDS);
  }

  /** Of what was recorded, as `histogram_quantile` has it. */
  quantile(share: number): number {
    return this.#recorded.quantile(share);
  }
}
