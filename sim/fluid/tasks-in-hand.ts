import { normalAmount } from '../model/random.js';

/** What is known of the time that a task takes. */
export interface TaskTime {
  readonly mean: number;
  /** Squared coefficient of variation. */
  readonly scv: number;
}

/** Tasks in workers' hands: each keeps a slot for as long as it takes, and ends by chance. */
export class TasksInHand {
  count = 0;
  /** In the last tick somebody may have waited for a slot. */
  #isFull = false;
  /** Tasks that this tick can take. */
  #room = 0;

  constructor(private readonly random: () => number) {}

  /** Begins a tick: what ends in it ends. @returns how many tasks can be taken */
  turn(slots: number, { mean, scv }: TaskTime, span: number): number {
    // Where a task outlives the tick its slot stays taken; else a slot takes several in one tick.
    if (mean > span) {
      this.count -= this.#ended(span / mean, scv);
      this.#room = Math.max(0, slots - this.count);
    } else {
      const most = mean > 0 ? (slots * span) / mean : 0;
      this.#room = normalAmount(this.random, most, most * scv);
    }
    return this.#room;
  }

  /** Ends a tick in which so many were taken. */
  take(taken: number, slots: number, { mean }: TaskTime, span: number): void {
    this.#isFull = taken >= this.#room - 1e-9;
    if (mean > span) this.count += taken;
    else this.count = this.#isFull ? slots : Math.min(slots, (taken * mean) / span);
  }

  /**
   * Such a share ends that a slot is taken for as long as a task lasts, and not for the rest of its last tick too. While slots are free each
   * task ends by itself: what is in hand then varies as what comes at random does, however its times vary (M/G/infinity). Slots that are taken
   * again at once end tasks as renewals: over a while their number varies as the times do (Cox, Renewal Theory, 1962, 4.2).
   */
  #ended(chance: number, scv: number): number {
    const mean = this.count * chance;
    return Math.min(this.count, normalAmount(this.random, mean, mean * (this.#isFull ? scv : 1 - chance)));
  }
}
