import type { Task } from './task.js';
import type { Outcome } from './task-queue.js';

/** Work that a test lets finish when it likes. */
export class Workbench {
  readonly started: Task[] = [];
  readonly finished: Task[] = [];
  readonly #inHand: (() => void)[] = [];
  #opened = false;

  readonly handler = async (task: Task): Promise<Outcome> => {
    this.started.push(task);
    if (!this.#opened) await new Promise<void>((resolve) => this.#inHand.push(resolve));
    this.finished.push(task);
    return { outcome: 'done' };
  };

  /** Finishes what is in hand. */
  finish(): void {
    for (const end of this.#inHand.splice(0)) end();
  }

  /** Finishes what is in hand, and from now on whatever comes. */
  open(): void {
    this.#opened = true;
    this.finish();
  }
}
