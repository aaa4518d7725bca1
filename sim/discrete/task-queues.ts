import { afterFailure } from '../../app/queue/after-failure.js';
import { type Credits, nextTurn, noCredits } from '../../app/queue/weighted-turns.js';
import { TIERS, type Tier, tasks } from '../../contract/index.js';
import type { Demand } from '../fluid/demand.js';
import { ServerLine } from './server-line.js';

/** The queues of tasks before the workers' slots, by the app's own weighted turns and retries. */
export class TaskQueues {
  readonly line = new ServerLine(0, tasks.queues.length, (hasWork) => this.#turn(hasWork));
  readonly #queueOf = new Map(tasks.queues.map(({ priority }, i) => [priority as string, i]));
  readonly #queueOfTier: readonly number[];
  #credits: Credits<string> = noCredits(tasks.queues);

  constructor({ priorityOf }: Demand) {
    this.#queueOfTier = TIERS.map((tier: Tier) => priorityOf[tier]);
  }

  /** Whether a slot is free for it; else it waits in the queue of its tier. */
  arrive(request: number, tier: number): boolean {
    return this.line.arrive(request, this.#queueOfTier[tier]);
  }

  /** Seconds until a task that failed so many times before comes again; undefined if it does not. */
  retryAfter(attempt: number): number | undefined {
    const outcome = afterFailure({ attempt }, { reason: 'failed', retryable: true }, tasks);
    return outcome.outcome === 'retry' ? outcome.delaySeconds : undefined;
  }

  #turn(hasWork: (queue: number) => boolean): number {
    const turn = nextTurn<string>(tasks.queues, this.#credits, (priority) =>
      hasWork(this.#queueOf.get(priority) ?? -1),
    );
    if (!turn) return -1;
    this.#credits = turn.credits;
    return this.#queueOf.get(turn.priority) ?? -1;
  }
}
