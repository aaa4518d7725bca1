import type { FastifyInstance } from 'fastify';
import {
  chat,
  chatApi,
  type TaskKind,
  type TaskPriority,
  taskPolicy,
  tiers,
  UNTIERED_PRIORITY,
} from '../../../contract/index.js';
import { awaitEnd } from '../../queue/await-end.js';
import { failUnpublished, UNPUBLISHED } from '../../queue/fail-unpublished.js';
import { LastingSubmissions } from '../../queue/lasting-submissions.js';
import type { Submissions } from '../../queue/submissions.js';
import { CANCELLED, type Task, type TaskRecord } from '../../queue/task.js';
import type { TaskEvents } from '../../queue/task-events.js';
import type { TaskQueue } from '../../queue/task-queue.js';
import type { TaskStore } from '../../queue/task-store.js';
import { viewTask } from '../../queue/task-view.js';
import type { Caller } from '../../runtime/caller.js';
import { abortSignalOf } from '../../runtime/client-signal.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { type Repetition, repeat } from '../../runtime/repeat.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import type { Timers } from '../../runtime/timers.js';
import { ATTRIBUTES } from '../../telemetry/attributes.js';
import { inSpan, SpanKind } from '../../telemetry/span.js';

export interface ChatDeps {
  readonly queue: TaskQueue;
  readonly tasks: TaskStore;
  readonly events: TaskEvents;
  readonly submissions: Submissions;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newId: () => string;
}

/** Accepts work as tasks, publishes it to the queue of the caller's tier, and tells how it stands. */
export function buildChat(given: ChatDeps, options: ServerOptions): FastifyInstance {
  const app = buildServer(options);
  const deps = { ...given, submissions: new LastingSubmissions(given.submissions) };

  serveOperation(app, chatApi.submitChat, ({ body, caller }) =>
    submit(deps, { kind: 'chat', priority: tiers[caller.identity.tier].priority, payload: body }, caller),
  );

  serveOperation(app, chatApi.submitEmbed, ({ body, caller }) =>
    submit(deps, { kind: 'embed', priority: UNTIERED_PRIORITY, payload: body }, caller),
  );

  serveOperation(app, chatApi.task, async ({ params, query, caller }) => {
    const found = await deps.tasks.get(params.id);
    if (found === undefined || !owns(caller, found.task)) throw errors.notFound('task', params.id);
    if (query.wait_ms === 0) return viewTask(found);
    const signal = AbortSignal.any([abortSignalOf(caller.signal), AbortSignal.timeout(query.wait_ms)]);
    return viewTask((await awaitEnd(params.id, deps, signal)) ?? found);
  });

  serveOperation(app, chatApi.cancelTask, async ({ params, caller }) => {
    const found = await deps.tasks.get(params.id);
    if (found === undefined || !owns(caller, found.task)) throw errors.notFound('task', params.id);
    return viewTask(await cancel(deps, found));
  });

  serveOperation(app, chatApi.forgetUser, async ({ caller }) => {
    const erased = await deps.tasks.erase(caller.identity);
    // Whoever waits for one of them hears that it is over. Whoever works on one stops; what it then writes is refused, for the task has ended.
    for (const record of erased) {
      await deps.events.publish(record);
      await deps.events.cancel(record.task.id);
    }
    return { tasks: erased.length };
  });

  serveOperation(app, chatApi.queues, async () => ({ ...(await deps.queue.depths()) }));

  clearUp(app, deps, options);
  return app;
}

/** Looks, while it serves, for tasks that were left half-way: whichever replica is there ends another's. */
function clearUp(app: FastifyInstance, deps: ChatDeps, { logger }: ServerOptions): void {
  let looking: Repetition | undefined;
  const look = async () => {
    try {
      const failed = await failUnpublished(deps);
      if (failed > 0) logger.warn({ failed }, 'tasks that never came into the queue were ended');
    } catch (error) {
      logger.warn({ err: error }, 'tasks that never came into the queue could not be looked for');
    }
    return taskPolicy.submissionLookSeconds * 1000;
  };
  app.addHook('onListen', async () => {
    looking = repeat(look, deps.timers);
  });
  app.addHook('preClose', () => looking?.stop() ?? Promise.resolve());
}

interface Work {
  readonly kind: TaskKind;
  readonly priority: TaskPriority;
  readonly payload: unknown;
}

/** The task goes on in the trace of whoever asks for it. */
function submit(deps: ChatDeps, work: Work, caller: Caller) {
  const attributes = { [ATTRIBUTES.messagingOperation]: 'send', [ATTRIBUTES.messagingDestination]: work.priority };
  return inSpan(
    {
      scope: chat.name,
      name: `send ${work.priority}`,
      kind: SpanKind.PRODUCER,
      parent: caller.traceparent,
      attributes,
    },
    (traceparent = caller.traceparent) => publish(deps, work, { ...caller, traceparent }),
  );
}

/** The record is written before the task is published, so that no worker meets a task that nobody knows. */
async function publish({ queue, tasks, submissions, clock, newId }: ChatDeps, work: Work, caller: Caller) {
  const now = clock();
  const task: Task = {
    ...work,
    id: newId(),
    owner: caller.identity,
    attempt: 0,
    createdAt: now,
    traceparent: caller.traceparent,
  };
  const record = { task, state: 'pending', updatedAt: now } as const;
  // In one trip. What stops between here and the end is found by its submission.
  await Promise.all([submissions.begin(task.id, now), tasks.put(record)]);
  try {
    await queue.publish(task);
  } catch (cause) {
    const told = tasks.put({ ...record, state: 'failed', error: UNPUBLISHED }).then(() => submissions.end(task.id));
    await told.catch(() => undefined);
    throw Object.assign(errors.unavailable('The queue', 1), { cause });
  }
  await submissions.end(task.id);
  return viewTask(record);
}

/** Ends the task for its owner first: whoever takes it from the queue, or works on it, then finds that it has ended. */
async function cancel({ tasks, events, clock }: ChatDeps, { task }: TaskRecord): Promise<TaskRecord> {
  const ended = {
    task,
    state: 'failed',
    error: 'The task was cancelled.',
    refused: CANCELLED,
    updatedAt: clock(),
  } as const;
  if (!(await tasks.put(ended))) return (await tasks.get(task.id)) ?? ended;
  await events.publish(ended);
  await events.cancel(task.id);
  return ended;
}

/** Another user's task does not exist for the caller. */
function owns({ identity }: Caller, { owner }: Task): boolean {
  return identity.user === owner.user && identity.tenant === owner.tenant;
}
