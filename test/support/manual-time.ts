import type { Clock } from '../../app/runtime/clock.js';
import type { CancelTimer, Timers } from '../../app/runtime/timers.js';

interface Pending {
  readonly dueAt: number;
  readonly run: () => void;
}

/** A clock and timers that move only when a test says so. */
export class ManualTime implements Timers {
  #now: number;
  readonly #pending = new Set<Pending>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  readonly clock: Clock = () => this.#now;

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#pending.size;
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer = { dueAt: this.#now + delayMs, run };
    this.#pending.add(timer);
    return () => void this.#pending.delete(timer);
  }

  /** Moves time on, firing what falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#dueBy(end); next !== undefined; next = this.#dueBy(end)) {
      this.#now = next.dueAt;
      this.#pending.delete(next);
      next.run();
    }
    this.#now = end;
  }

  #dueBy(end: number): Pending | undefined {
    const due = [...this.#pending].filter(({ dueAt }) => dueAt <= end);
    return due.reduce<Pending | undefined>(
      (first, one) => (first && first.dueAt <= one.dueAt ? first : one),
      undefined,
    );
  }
}
