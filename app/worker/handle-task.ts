import {
  tasks as platformTasks,
  type TaskKind,
  type TaskTopology,
  taskDuration,
  taskPolicy,
  tasksFinished,
  worker,
} from '../../contract/index.js';
import { afterFailure, type Failure } from '../queue/after-failure.js';
import { runWithLimits } from '../queue/run-with-limits.js';
import type { RunningTasks } from '../queue/running-tasks.js';
import type { Task, TaskProgress, TaskRecord } from '../queue/task.js';
import type { TaskEvents } from '../queue/task-events.js';
import type { TaskJournal } from '../queue/task-journal.js';
import type { Outcome, TaskHandler } from '../queue/task-queue.js';
import type { TaskStore } from '../queue/task-store.js';
import { hasEnded } from '../queue/task-view.js';
import { TimeLimitError } from '../queue/time-limit-error.js';
import { TurnMissedError, Turnstile } from '../queue/turnstile.js';
import type { Clock } from '../runtime/clock.js';
import { ServiceError } from '../runtime/errors.js';
import type { Timers } from '../runtime/timers.js';
import { ATTRIBUTES } from '../telemetry/attributes.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { inSpan, SpanKind, type SpanOptions } from '../telemetry/span.js';
import { parseTraceparent } from '../telemetry/trace-context.js';
import { PermanentTaskError } from './task-error.js';

/** Does the work of one kind of task and returns its result. */
export type TaskWork = (task: Task, signal: AbortSignal, report: ReportProgress) => Promise<unknown>;

/** Tells the task's owner how far it has come. */
export type ReportProgress = (progress: TaskProgress) => Promise<void>;

export interface WorkerDeps {
  /** No other process, before or after, has the same; announced for as long as the process lives. */
  readonly workerId: string;
  readonly tasks: TaskStore;
  /** Knows which workers are there. */
  readonly events: Pick<TaskEvents, 'isThere'>;
  /** Writes and tells each state: in one step where it can, or a state may be written that nobody is told of. */
  readonly journal: TaskJournal;
  readonly running: RunningTasks;
  readonly work: Readonly<Record<TaskKind, TaskWork>>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Limits and retries. @default the platform's */
  readonly topology?: Pick<TaskTopology, 'softLimitSeconds' | 'hardLimitSeconds' | 'retryDelaysSeconds'>;
  /** Aborts when the worker is to end: what waits for its turn is set aside for another. @default never */
  readonly stopping?: AbortSignal;
}

/**
 * Makes the handler of deliveries: runs the work within its limits, writes the task's state and tells whoever waits. The
 * outcome goes back to the queue last, so that a worker that dies in between leaves the task to be delivered again.
 *
 * A task that comes back while its worker is still there has lost its connection to the broker only, which is nobody's fault: it runs
 * again, and the first to end it has ended it. A worker that dies takes all with it that it had in hand, and nobody knows which of them it was. So a task that was there twice
 * runs alone: the next worker that is lost with it was lost by it.
 */
export function makeTaskHandler(deps: WorkerDeps): TaskHandler {
  const {
    workerId,
    tasks,
    events,
    journal,
    running,
    work,
    metrics,
    logger,
    clock,
    timers,
    topology = platformTasks,
    stopping,
  } = deps;
  const turnstile = new Turnstile(timers, taskPolicy.turnSeconds * 1000);
  stopping?.addEventListener('abort', () => turnstile.close(), { once: true });

  const enter = (task: Task, change: Omit<TaskRecord, 'task' | 'updatedAt'>): Promise<boolean> =>
    journal.enter({ task, ...change, updatedAt: clock() });

  const finish = async (task: Task, result: unknown): Promise<Outcome> => {
    if (await enter(task, { state: 'completed', result })) {
      metrics.count(tasksFinished, { kind: task.kind, outcome: 'completed' });
    }
    return DONE;
  };

  /** Nobody hears of a task that is given up while its state cannot be stored: it comes back until its owner can be told. */
  const fail = async (task: Task, failure: Failure): Promise<Outcome> => {
    const outcome = afterFailure(task, failure, topology);
    const lastDelaySeconds = topology.retryDelaysSeconds.at(-1);
    try {
      const counts =
        outcome.outcome === 'retry'
          ? await enter({ ...task, attempt: task.attempt + 1 }, { state: 'pending' })
          : await enter(task, {
              state: 'failed',
              error: outcome.reason,
              dead: true,
              ...(failure.refused && { refused: failure.refused }),
            });
      if (!counts) return DONE;
      metrics.count(tasksFinished, { kind: task.kind, outcome: outcome.outcome === 'retry' ? 'retried' : 'failed' });
      return outcome;
    } catch (error) {
      logger.error({ err: error, ...logFieldsOf(task) }, 'the outcome could not be stored');
      if (outcome.outcome === 'retry' || lastDelaySeconds === undefined) return outcome;
      return { outcome: 'retry', delaySeconds: lastDelaySeconds };
    }
  };

  const isHere = async (worker: string | undefined): Promise<boolean> =>
    worker !== undefined && (worker === workerId || (await events.isThere(worker)));

  const lostBefore = async (task: Task, known: TaskRecord): Promise<number> => {
    if (known.task.attempt !== task.attempt) return 0;
    const isLost = known.state === 'processing' && !(await isHere(known.worker));
    return (known.lostWorkers ?? 0) + (isLost ? 1 : 0);
  };

  const perform = async (task: Task, begun: Begun): Promise<Outcome> => {
    const report: ReportProgress = async (progress) => {
      await enter(task, { ...begun, progress });
    };
    const result = await inSpan(spanOf(task), (traceparent = task.traceparent) =>
      running.run(task.id, (controller) =>
        runWithLimits(
          (signal) =>
            work[task.kind]({ ...task, traceparent }, signal, async (progress) =>
              // Work that is out of time may go on a little: it must not write over what was made of the task since.
              signal.aborted ? undefined : report(progress),
            ),
          topology,
          timers,
          controller,
        ),
      ),
    );
    return await finish(task, result);
  };

  /** Nearly every task only waits: one trip tells that, and begins it. */
  const runWaiting = async (task: Task): Promise<{ outcome: Outcome } | { known: TaskRecord }> => {
    const begun = { state: 'processing', worker: workerId } as const;
    const known = await journal.begin({ task, ...begun, updatedAt: clock() });
    return known === undefined ? { outcome: await perform(task, begun) } : { known };
  };

  const runKnown = async (task: Task, known: TaskRecord): Promise<Outcome> => {
    if (hasEnded(known)) {
      if (!isReplayOf(task, known)) return outcomeOf(task, known);
      await tasks.forget(task.id);
    }
    const lostWorkers = await lostBefore(task, known);
    if (lostWorkers >= taskPolicy.lostWorkers) throw new PermanentTaskError(lostReason(lostWorkers));
    const suspect = lostWorkers === taskPolicy.lostWorkers - 1;
    // While it waits to run alone it is nobody's victim, nor anybody's cause.
    if (suspect && !(await enter(task, { state: 'pending', lostWorkers }))) return DONE;
    return await turnstile.pass(suspect, async () => {
      const begun = { state: 'processing', worker: workerId, ...(lostWorkers > 0 && { lostWorkers }) } as const;
      return (await enter(task, begun)) ? perform(task, begun) : DONE;
    });
  };

  return async (task) => {
    const startedAt = clock();
    try {
      const first = await turnstile.pass(false, () => runWaiting(task));
      return 'outcome' in first ? first.outcome : await runKnown(task, first.known);
    } catch (error) {
      const [delaySeconds] = topology.retryDelaysSeconds;
      if (error instanceof TurnMissedError && delaySeconds !== undefined) return { outcome: 'later', delaySeconds };
      const failure = failureOf(error);
      logger.warn(
        { err: error, ...logFieldsOf(task), attempt: task.attempt, retryable: failure.retryable },
        'task failed',
      );
      return await fail(task, failure);
    } finally {
      metrics.observe(taskDuration, { kind: task.kind }, (clock() - startedAt) / 1000);
    }
  };
}

/** What a log line of a task is found by. */
export function logFieldsOf({ id, traceparent }: Task) {
  return { taskId: id, traceId: parseTraceparent(traceparent)?.traceId };
}

/** An attempt of a task: within the trace of whoever asked for it. */
function spanOf({ id, kind, priority, traceparent }: Task): SpanOptions {
  const attributes = {
    [ATTRIBUTES.messagingOperation]: 'process',
    [ATTRIBUTES.messagingDestination]: priority,
    [ATTRIBUTES.messagingId]: id,
  };
  return { scope: worker.name, name: `process ${kind}`, kind: SpanKind.CONSUMER, parent: traceparent, attributes };
}
/** What is known of a task that this worker runs. */
type Begun = Pick<TaskRecord, 'state' | 'worker' | 'lostWorkers'>;

const DONE = { outcome: 'done' } as const;

/**
 * What a delivery comes to whose task has ended. A worker that gave it up tells so before the dead letter is confirmed: when the
 * broker went away in between, the message is back and belongs there still.
 */
function outcomeOf(task: Task, { task: ended, dead, error = '' }: TaskRecord): Outcome {
  const same = task.attempt === ended.attempt && (task.replays ?? 0) === (ended.replays ?? 0);
  return dead && same ? { outcome: 'dead', reason: error } : DONE;
}

/** Whether the task was taken out of the dead letters since it failed. */
function isReplayOf(task: Task, { task: ended, state }: TaskRecord): boolean {
  return state === 'failed' && (task.replays ?? 0) > (ended.replays ?? 0);
}

function lostReason(times: number): string {
  return `The task was given up: ${times} workers were lost while they ran it.`;
}

/** What the caller is told, and whether another attempt may help: a 4xx other than 408 and 429 stays what it is. */
function failureOf(error: unknown): Failure {
  if (error instanceof PermanentTaskError) return { reason: error.message, retryable: false };
  if (error instanceof TimeLimitError) return { reason: error.message, retryable: true };
  if (!(error instanceof ServiceError)) return { reason: 'An unexpected error stopped the task.', retryable: true };
  const { message: reason, status, code } = error;
  const retryable = status >= 500 || status === 408 || status === 429;
  // Who may do what is settled before a task: of these the caller could mend nothing.
  const isOurs = retryable || status === 401 || status === 403;
  return { reason, retryable, ...(!isOurs && { refused: { status, code } }) };
}
