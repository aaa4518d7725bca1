import type { TaskTopology } from '../../contract/index.js';
import type { Refused, Task } from './task.js';
import type { Outcome } from './task-queue.js';

/** Why an attempt failed. */
export interface Failure {
  /** In words for the caller. */
  readonly reason: string;
  /** Whether another attempt may succeed: a time-out may, an invalid request never will. */
  readonly retryable: boolean;
  readonly refused?: Refused | undefined;
}

/** What becomes of a task whose attempt has failed: tried again after the topology's next delay, or dead once those are spent. */
export function afterFailure(
  task: Pick<Task, 'attempt'>,
  failure: Failure,
  topology: Pick<TaskTopology, 'retryDelaysSeconds'>,
): Exclude<Outcome, { outcome: 'done' | 'later' }> {
  if (!failure.retryable) return { outcome: 'dead', reason: failure.reason };
  const delaySeconds = topology.retryDelaysSeconds[task.attempt];
  if (delaySeconds !== undefined) return { outcome: 'retry', delaySeconds };
  return { outcome: 'dead', reason: `${failure.reason} (gave up after ${task.attempt + 1} attempts)` };
}
