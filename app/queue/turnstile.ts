import type { Timers } from '../runtime/timers.js';

/** It was not let in: nothing was begun. */
export class TurnMissedError extends Error {
  override readonly name = 'TurnMissedError';

  constructor() {
    super('It waited in vain for its turn to run.');
  }
}

interface Waiting {
  readonly alone: boolean;
  readonly enter: () => void;
  readonly leave: () => void;
}

/** Lets any number in together, or one alone, in the order in which they came; nobody waits for longer than it is told. */
export class Turnstile {
  #inside = 0;
  #someoneAlone = false;
  #closed = false;
  readonly #waiting: Waiting[] = [];

  constructor(
    private readonly timers: Timers,
    private readonly longestWaitMs: number,
  ) {}

  /**
   * @param alone waits until nobody is inside, and keeps everybody out meanwhile
   * @throws {TurnMissedError} when its turn has not come in time, or the turnstile has been closed
   */
  async pass<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || this.#isShutTo(alone)) await this.#turn(alone);
    else this.#enter(alone);
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#someoneAlone = false;
      this.#letIn();
    }
  }

  /** Sends away who waits, now and from now on; who is inside stays. */
  close(): void {
    this.#closed = true;
    for (const { leave } of [...this.#waiting]) leave();
  }

  async #turn(alone: boolean): Promise<void> {
    let cancel = () => {};
    const turn = new Promise<void>((enter, reject) => {
      const one: Waiting = {
        alone,
        enter,
        leave: () => {
          const place = this.#waiting.indexOf(one);
          if (place < 0) return;
          this.#waiting.splice(place, 1);
          reject(new TurnMissedError());
          this.#letIn(); // who stood behind it
        },
      };
      this.#waiting.push(one);
      if (this.#closed) one.leave();
      else cancel = this.timers.after(this.longestWaitMs, one.leave);
    });
    await turn.finally(() => cancel());
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isShutTo(next.alone)) return;
      this.#waiting.shift();
      this.#enter(next.alone);
      next.enter();
    }
  }

  #isShutTo(alone: boolean): boolean {
    return this.#someoneAlone || (alone && this.#inside > 0);
  }

  #enter(alone: boolean): void {
    this.#inside += 1;
    this.#someoneAlone = alone;
  }
}
