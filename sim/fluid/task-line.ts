import { afterFailure } from '../../app/queue/after-failure.js';
import type { TaskTopology } from '../../contract/index.js';

/** Tasks by priority and by the attempts behind them, as amounts. */
export class TaskLine {
  readonly priorities: number;
  readonly #places: readonly number[];
  readonly #attempts: number;
  /** Waiting, by priority, then by attempt. */
  readonly #waiting: Float64Array;
  /** Seconds until the next attempt, by the attempts so far; undefined where there is none any more. */
  readonly #delays: readonly (number | undefined)[];
  readonly #later: readonly DelayLine[];
  readonly #taken: Float64Array;
  /** Messages of each priority, as they were counted last. */
  readonly #waitingOf: Float64Array;
  /** Taken in the last tick, by priority. */
  readonly served: Float64Array;
  /** Given up since the beginning. */
  dead = 0;
  retried = 0;

  constructor(
    private readonly topology: TaskTopology,
    tickSeconds: number,
  ) {
    this.priorities = topology.queues.length;
    this.#places = topology.queues.map((_, priority) => priority);
    const first = topology.retryDelaysSeconds.length;
    this.#delays = Array.from({ length: first + 1 }, (_, attempt) => {
      const outcome = afterFailure({ attempt }, { reason: 'failed', retryable: true }, topology);
      return outcome.outcome === 'retry' ? outcome.delaySeconds : undefined;
    });
    this.#attempts = this.#delays.length;
    this.#waiting = new Float64Array(this.priorities * this.#attempts);
    this.#later = this.#delays.map((seconds = 0) => new DelayLine(Math.round(seconds / tickSeconds), this.priorities));
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
    const waitingOf = this.#waitingOf;
    const taken = this.#share(capacity, this.#countWaiting());
    let total = 0;
    for (let priority = 0; priority < this.priorities; priority++) {
      const amount = taken[priority] ?? 0;
      this.served[priority] = amount;
      total += amount;
      const waiting = waitingOf[priority] as number;
      if (amount <= 0 || waiting <= 0) continue;
      const ratio = amount / waiting;
      for (let attempt = 0; attempt < this.#attempts; attempt++) {
        const at = priority * this.#attempts + attempt;
        const here = this.#waiting[at] as number;
        if (here === 0) continue;
        const part = here * ratio;
        this.#waiting[at] = Math.max(0, here - part);
        this.#fail(priority, attempt, part * failedShare);
      }
    }
    return total;
  }

  /** @returns of all priorities together */
  #countWaiting(): number {
    let all = 0;
    for (let priority = 0; priority < this.priorities; priority++) {
      let own = 0;
      for (let attempt = 0; attempt < this.#attempts; attempt++) {
        const amount = this.#waiting[priority * this.#attempts + attempt] as number;
        own += amount;
        all += amount;
      }
      this.#waitingOf[priority] = own;
    }
    return all;
  }

  #fail(priority: number, attempt: number, amount: number): void {
    if (amount <= 0) return;
    if (this.#delays[attempt] === undefined) {
      this.dead += amount;
      return;
    }
    this.retried += amount;
    this.#later[attempt]?.add(priority, amount);
  }

  #returnDue(): void {
    for (let attempt = 0; attempt + 1 < this.#attempts; attempt++) {
      const due = this.#later[attempt]?.turn();
      if (!due) continue;
      for (let priority = 0; priority < this.priorities; priority++) {
        const at = priority * this.#attempts + attempt + 1;
        this.#waiting[at] = (this.#waiting[at] ?? 0) + (due[priority] ?? 0);
      }
      due.fill(0);
    }
  }

  /** Weighted shares, what one queue does not need going to the others. */
  #share(capacity: number, messages: number): Float64Array {
    if (messages <= capacity) return this.#waitingOf;
    const taken = this.#taken.fill(0);
    const waitingOf = this.#waitingOf;
    let left = capacity;
    let open = this.#places.filter((priority) => (waitingOf[priority] as number) > 0);
    while (left > 1e-12 && open.length > 0) {
      const weights = open.reduce((sum, priority) => sum + this.#weight(priority), 0);
      const whole = left;
      const share = (priority: number) => (whole * this.#weight(priority)) / weights;
      const wanting = open.filter((priority) => (waitingOf[priority] as number) > share(priority));
      // While one needs less than its share, it is given what it needs, and the others share anew.
      for (const priority of open) {
        if (wanting.includes(priority)) continue;
        taken[priority] = waitingOf[priority] as number;
        left -= taken[priority] as number;
      }
      if (wanting.length === open.length) {
        for (const priority of open) taken[priority] = share(priority);
        break;
      }
      open = wanting;
    }
    return taken;
  }

  #weight(priority: number): number {
    return this.topology.queues[priority]?.weight ?? 0;
  }
}

/** Gives back after so many turns what was put in. */
class DelayLine {
  readonly #slots: Float64Array[];
  #at = 0;

  constructor(turns: number, width: number) {
    this.#slots = Array.from({ length: Math.max(1, turns) }, () => new Float64Array(width));
  }

  add(priority: number, amount: number): void {
    const slot = this.#slots[(this.#at + this.#slots.length - 1) % this.#slots.length];
    if (slot) slot[priority] = (slot[priority] ?? 0) + amount;
  }

  /** What is due, to be emptied by whoever takes it; undefined where nothing is. */
  turn(): Float64Array | undefined {
    const due = this.#slots[this.#at] as Float64Array;
    this.#at = (this.#at + 1) % this.#slots.length;
    for (let place = 0; place < due.length; place++) if (due[place] !== 0) return due;
    return undefined;
  }
}
