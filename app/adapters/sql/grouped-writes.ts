import { DeadlineExceeded, inTime } from '../../resilience/deadline.js';
import type { Timers } from '../../runtime/timers.js';

interface Waiting<T> {
  readonly item: T;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Has writes that come side by side go together: the first at once, and what comes meanwhile in one go after it. */
export class GroupedWrites<T> {
  #waiting: Waiting<T>[] = [];
  #writing = false;

  /**
   * @param write takes all of them or none
   * @param most that go together
   * @param limit for one write: a connection may be gone without a word, and all that comes would wait for it
   */
  constructor(
    private readonly write: (items: readonly T[]) => Promise<void>,
    private readonly most: number,
    private readonly limit: { readonly timeoutMs: number; readonly timers?: Timers },
  ) {}

  add(item: T): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed });
      if (!this.#writing) void this.#writeWaiting();
    });
  }

  async #writeWaiting(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.most);
      try {
        await this.#inTime(group.map(({ item }) => item));
        for (const { done } of group) done();
      } catch (error) {
        if (error instanceof DeadlineExceeded) for (const { failed } of group) failed(error);
        else await this.#writeAlone(group, error);
      }
    }
    this.#writing = false;
  }

  /** One that cannot be written must not keep the others from being. */
  async #writeAlone(group: readonly Waiting<T>[], error: unknown): Promise<void> {
    const [first, ...others] = group;
    if (others.length === 0) return first?.failed(error);
    await Promise.all(group.map(({ item, done, failed }) => this.#inTime([item]).then(done, failed)));
  }

  #inTime(items: readonly T[]): Promise<void> {
    return inTime({ what: 'A write to the database', ...this.limit }, this.write(items));
  }
}
