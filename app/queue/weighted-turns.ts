import type { TaskQueueSpec } from '../../contract/index.js';

/** What each queue is owed, in units of weight. The credits always add up to 0. */
export type Credits<P extends string> = Readonly<Record<P, number>>;

/** Whose turn it is, and the credits after it. */
export interface Turn<P extends string> {
  readonly priority: P;
  readonly credits: Credits<P>;
}

/** Where the turns start: nobody is owed anything. */
export function noCredits<P extends string>(queues: readonly TaskQueueSpec<P>[]): Credits<P> {
  return Object.fromEntries(queues.map(({ priority }) => [priority, 0])) as Record<P, number>;
}

/**
 * The next turn by smooth weighted round robin (nginx, ngx_http_upstream_round_robin) over the queues that have work: each gains its
 * weight, the richest is served and pays what all gained. The credits of an empty queue stand still, so it neither saves up a
 * burst nor loses its place.
 *
 * Of weights 10, 5 and 1, while every queue has work, any 16 turns from the start serve exactly 10, 5 and 1; after any history
 * they are within one of that. However the others come and go, the lowest waits for at most 20 turns. (Both found by search
 * of every reachable state, which the test repeats.)
 *
 * @returns `undefined` when no queue has work
 */
export function nextTurn<P extends string>(
  queues: readonly TaskQueueSpec<P>[],
  credits: Credits<P>,
  hasWork: (priority: P) => boolean,
): Turn<P> | undefined {
  const contenders = queues.filter(({ priority }) => hasWork(priority));
  const gained: Record<P, number> = { ...credits };
  let richest: P | undefined;
  let stake = 0;
  for (const { priority, weight } of contenders) {
    gained[priority] += weight;
    stake += weight;
    if (richest === undefined || gained[priority] > gained[richest]) richest = priority;
  }
  if (richest === undefined) return undefined;
  gained[richest] -= stake;
  return { priority: richest, credits: gained };
}
