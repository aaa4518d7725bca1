import { type TaskKind, taskDuration, tasksFinished, tasks as topology } from '../../contract/index.js';
import { afterFailure, type Failure } from '../queue/after-failure.js';
import { runWithLimits } from '../queue/run-with-limits.js';
import type { Task, TaskRecord } from '../queue/task.js';
import type { TaskEvents } from '../queue/task-events.js';
import type { Outcome, TaskHandler } from '../queue/task-queue.js';
import type { TaskStore } from '../queue/task-store.js';
import { hasEnded } from '../queue/task-view.js';
import { TimeLimitError } from '../queue/time-limit-error.js';
import type { Clock } from '../runtime/clock.js';
import { ServiceError } from '../runtime/errors.js';
import type { Timers } from '../runtime/timers.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { PermanentTaskError } from './task-error.js';

/** Does the work of one kind of task and returns its result. */
export type TaskWork = (task: Task, signal: AbortSignal) => Promise<unknown>;

export interface WorkerDeps {
  readonly tasks: TaskStore;
  readonly events: TaskEvents;
  readonly work: Readonly<Record<TaskKind, TaskWork>>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * Makes the handler of deliveries: runs the work within its limits, writes the task's state and tells whoever waits. The
 * outcome goes back to the queue last, so that a worker that dies in between leaves the task to be delivered again.
 */
export function makeTaskHandler(deps: WorkerDeps): TaskHandler {
  const { tasks, events, work, metrics, logger, clock, timers } = deps;

  const enter = async (task: Task, change: Omit<TaskRecord, 'task' | 'updatedAt'>) => {
    const record = { task, ...change, updatedAt: clock() };
    await tasks.put(record);
    await events.publish(record);
  };

  /** The queue must hear the outcome even when the store cannot be told. */
  const tellFailure = async (task: Task, outcome: Exclude<Outcome, { outcome: 'done' }>) => {
    const change =
      outcome.outcome === 'retry'
        ? enter({ ...task, attempt: task.attempt + 1 }, { state: 'pending' })
        : enter(task, { state: 'failed', error: outcome.reason });
    await change.catch((error: unknown) =>
      logger.error({ err: error, taskId: task.id }, 'the outcome could not be stored'),
    );
  };

  return async (task) => {
    const known = await tasks.get(task.id);
    if (known !== undefined && hasEnded(known)) return { outcome: 'done' };
    const startedAt = clock();
    try {
      await enter(task, { state: 'processing' });
      const result = await runWithLimits((signal) => work[task.kind](task, signal), topology, timers);
      await enter(task, { state: 'completed', result });
      metrics.count(tasksFinished, { kind: task.kind, outcome: 'completed' });
      return { outcome: 'done' };
    } catch (error) {
      const outcome = afterFailure(task, failureOf(error), topology);
      logger.warn({ err: error, taskId: task.id, attempt: task.attempt, ...outcome }, 'task failed');
      metrics.count(tasksFinished, { kind: task.kind, outcome: outcome.outcome === 'retry' ? 'retried' : 'failed' });
      await tellFailure(task, outcome);
      return outcome;
    } finally {
      metrics.observe(taskDuration, { kind: task.kind }, (clock() - startedAt) / 1000);
    }
  };
}

/** What the caller is told, and whether another attempt may help: a 4xx other than 408 and 429 stays what it is. */
function failureOf(error: unknown): Failure {
  if (error instanceof PermanentTaskError) return { reason: error.message, retryable: false };
  if (error instanceof TimeLimitError) return { reason: error.message, retryable: true };
  if (!(error instanceof ServiceError)) return { reason: 'An unexpected error stopped the task.', retryable: true };
  return { reason: error.message, retryable: error.status >= 500 || error.status === 408 || error.status === 429 };
}
