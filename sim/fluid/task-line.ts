import { afterFailure } from '../../app/queue/after-failure.js';
import type { TaskTopology } from '../../contract/index.js';
import { DelayLine } from './delay-line.js';

/** Tasks by priority and by the attempts behind them, as amounts. */
export class TaskLine {
  readonly priorities: number;
  readonly #weights: readonly number[];
  /** Of the queues that still want something; 0 of the others. */
  readonly #openWeights: Float64Array;
  readonly #attempts: number;
  /** Waiting, by priority, then by attempt. */
  readonly #waiting: Float64Array;
  /** Where a task waits for its next attempt, by the attempts so far; undefined where there is none any more. */
  readonly #later: readonly (DelayLine | undefined)[];
  readonly #taken: Float64Array;
  /** Messages of each priority, as they were counted last. */
  readonly #waitingOf: Float64Array;
  /** Taken in the last tick, by priority. */
  readonly served: Float64Array;
  /** Given up since the beginning. */
  dead = 0;
  retried = 0;

  constructor(topology: TaskTopology, tickSeconds: number) {
    this.priorities = topology.queues.length;
    this.#weights = topology.queues.map(({ weight }) => weight);
    this.#openWeights = new Float64Array(this.priorities);
    this.#attempts = topology.retryDelaysSeconds.length + 1;
    this.#later = Array.from({ length: this.#attempts }, (_, attempt) => {
      const next = afterFailure({ attempt }, { reason: 'failed', retryable: true }, topology);
      if (next.outcome !== 'retry') return undefined;
      return new DelayLine(Math.round(next.delaySeconds / tickSeconds), this.priorities);
    });
    this.#waiting = new Float64Array(this.priorities * this.#attempts);
    this.served = new Float64Array(this.priorities);
    this.#taken = new Float64Array(this.priorities);
    this.#waitingOf = new Float64Array(this.priorities);
  }

  /** Messages that wait for a worker; those in a retry queue do not. */
  get messages(): number {
    let sum = 0;
    for (let at = 0; at < this.#waiting.length; at++) sum += this.#waiting[at] as number;
    return sum;
  }

  messagesOf(priority: number): number {
    let sum = 0;
    for (let attempt = 0; attempt < this.#attempts; attempt++)
      sum += this.#waiting[priority * this.#attempts + attempt] ?? 0;
    return sum;
  }

  forget(): void {
    this.dead = 0;
    this.retried = 0;
  }

  add(priority: number, amount: number): void {
    this.#waiting[priority * this.#attempts] = (this.#waiting[priority * this.#attempts] ?? 0) + amount;
  }

  /**
   * Takes so many tasks, each queue by its weight while it has work, as weighted turns do; a share of them fails and comes again after
   * its delay, or never.
   * @returns how many were taken
   */
  take(capacity: number, failedShare: number): number {
    this.#returnDue();
    const waiting = this.#waiting;
    const waitingOf = this.#waitingOf;
    const taken = this.#share(capacity, this.#countWaiting());
    let { retried, dead } = this;
    let total = 0;
    for (let priority = 0, at = 0; priority < this.priorities; priority++) {
      const amount = taken[priority] as number;
      this.served[priority] = amount;
      total += amount;
      // Where nothing waits the ratio is none, and nothing comes of it.
      const ratio = amount / (waitingOf[priority] as number);
      for (let attempt = 0; attempt < this.#attempts; attempt++, at++) {
        const here = waiting[at] as number;
        if (here === 0) continue;
        const part = here * ratio;
        waiting[at] = Math.max(0, here - part);
        const failed = part * failedShare;
        const later = this.#later[attempt];
        later?.add(priority, failed);
        if (later) retried += failed;
        else dead += failed;
      }
    }
    this.retried = retried;
    this.dead = dead;
    return total;
  }

  /** @returns of all priorities together */
  #countWaiting(): number {
    const waiting = this.#waiting;
    let all = 0;
    for (let priority = 0, at = 0; priority < this.priorities; priority++) {
      let own = 0;
      for (let attempt = 0; attempt < this.#attempts; attempt++, at++) {
        const amount = waiting[at] as number;
        own += amount;
        all += amount;
      }
      this.#waitingOf[priority] = own;
    }
    return all;
  }

  #returnDue(): void {
    const waiting = this.#waiting;
    for (let attempt = 0; attempt + 1 < this.#attempts; attempt++) {
      const later = this.#later[attempt];
      if (!later) continue;
      later.turn();
      for (let priority = 0, at = attempt + 1; priority < this.priorities; priority++, at += this.#attempts) {
        waiting[at] = (waiting[at] as number) + later.take(priority);
      }
    }
  }

  /** Weighted shares, what one queue does not need going to the others. */
  #share(capacity: number, messages: number): Float64Array {
    const waitingOf = this.#waitingOf;
    if (messages <= capacity) return waitingOf;
    const taken = this.#taken.fill(0);
    const weights = this.#openWeights;
    for (let place = 0; place < weights.length; place++) {
      weights[place] = (waitingOf[place] as number) > 0 ? (this.#weights[place] as number) : 0;
    }
    for (let left = capacity; left > 1e-12; ) {
      let all = 0;
      for (let place = 0; place < weights.length; place++) all += weights[place] as number;
      const whole = left;
      let allWant = true;
      // While one needs less than its share, it is given what it needs, and the others share anew.
      for (let place = 0; place < weights.length; place++) {
        const weight = weights[place] as number;
        const waiting = waitingOf[place] as number;
        if (weight === 0 || waiting > (whole * weight) / all) continue;
        taken[place] = waiting;
        left -= waiting;
        weights[place] = 0;
        allWant = false;
      }
      if (!allWant) continue;
      for (let place = 0; place < weights.length; place++) {
        if (weights[place] !== 0) taken[place] = (whole * (weights[place] as number)) / all;
      }
      break;
    }
    return taken;
  }
}
