import { systemTimers } from '../runtime/timers.js';
import { DeadlineExceeded } from './deadline.js';

/** A call under way. */
export interface Wait {
  /** By `performance.now()`. */
  readonly until: number;
  readonly giveUp: (reason: DeadlineExceeded) => void;
}

/** A deadline for calls that cannot be told to stop and are so short that a timer for each would be much of what they cost: one watches all. */
export class SharedDeadline {
  /** Oldest first. */
  readonly #waits = new Set<Wait>();
  #isWatching = false;

  /** @param what is waited for, to begin a sentence with: `The shared cache` */
  constructor(
    private readonly what: string,
    private readonly timeoutMs: number,
  ) {}

  /** @param giveUp called at the deadline, unless the wait has ended by then */
  begin(giveUp: Wait['giveUp']): Wait {
    const wait = { until: performance.now() + this.timeoutMs, giveUp };
    this.#waits.add(wait);
    if (!this.#isWatching) this.#watch(this.timeoutMs);
    return wait;
  }

  /** @returns whether it was not given up yet */
  end(wait: Wait): boolean {
    return this.#waits.delete(wait);
  }

  #watch(delayMs: number): void {
    this.#isWatching = true;
    systemTimers.after(delayMs, () => {
      this.#isWatching = false;
      const now = performance.now();
      for (const wait of this.#waits) {
        if (wait.until > now) return this.#watch(wait.until - now);
        this.#waits.delete(wait);
        wait.giveUp(new DeadlineExceeded(this.what, this.timeoutMs));
      }
    });
  }
}
