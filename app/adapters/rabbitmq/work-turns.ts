import type { TaskQueueSpec } from '../../../contract/index.js';
import { type Credits, nextTurn, noCredits, type Turn } from '../../queue/weighted-turns.js';

/** The turns of a consumer whose slots ask queues at the same time. What a queue holds is known from its last answer only. */
export class WorkTurns<P extends string> {
  #credits: Credits<P>;
  readonly #ready = new Map<P, number>();

  constructor(private readonly queues: readonly TaskQueueSpec<P>[]) {
    this.#credits = noCredits(queues);
  }

  /** The queue that has work while no other has, so that there are no turns to take. */
  get alone(): { readonly name: string; readonly ready: number } | undefined {
    const [first, ...others] = this.queues.filter(({ priority }) => this.#hasWork(priority));
    if (first === undefined || others.length > 0) return undefined;
    return { name: first.name, ready: this.#ready.get(first.priority) ?? 0 };
  }

  /** Tells how many messages a queue had ready. */
  saw(priority: P, ready: number): void {
    this.#ready.set(priority, ready);
  }

  /** Whose turn it is: ask that queue, then tell what came of it by {@link saw} or {@link giveBack}. */
  take(): TakenTurn<P> | undefined {
    const turn = nextTurn(this.queues, this.#credits, (priority) => this.#hasWork(priority));
    if (turn === undefined) return undefined;
    const before = this.#credits;
    this.#credits = turn.credits;
    this.#ready.set(turn.priority, (this.#ready.get(turn.priority) ?? 0) - 1);
    return { ...turn, before };
  }

  /** The queue turned out to be empty: nobody gains or pays by that turn, whatever turns were taken since. */
  giveBack({ priority, before, credits }: TakenTurn<P>): void {
    this.#ready.set(priority, 0);
    const undone = this.queues.map(({ priority: p }) => [p, this.#credits[p] - credits[p] + before[p]]);
    this.#credits = Object.fromEntries(undone) as Record<P, number>;
  }

  #hasWork(priority: P): boolean {
    return (this.#ready.get(priority) ?? 0) > 0;
  }
}

export interface TakenTurn<P extends string> extends Turn<P> {
  readonly before: Credits<P>;
}
