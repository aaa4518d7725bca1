import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { RunningTasks } from '../queue/running-tasks.js';
import type { Task } from '../queue/task.js';
import type { Consumer, TaskQueue } from '../queue/task-queue.js';
import type { Caller } from '../runtime/caller.js';
import { buildServer, type ServerOptions } from '../runtime/server.js';
import type { ServiceClient } from '../runtime/service-client.js';
import { continueTrace } from '../telemetry/trace-context.js';
import { answerChat } from './answer-chat.js';
import { embedTexts } from './embed-texts.js';
import { makeTaskHandler, type WorkerDeps } from './handle-task.js';

export interface BuildWorkerDeps extends Omit<WorkerDeps, 'work' | 'running' | 'metrics' | 'logger'> {
  readonly queue: TaskQueue;
  readonly client: ServiceClient;
  /** Tasks worked on at a time. */
  readonly slots: number;
}

/** Consumes the queues from the moment it is ready until it is closed; closing waits for the work in hand. */
export function buildWorker(deps: BuildWorkerDeps, options: ServerOptions): FastifyInstance {
  const { queue, client, slots } = deps;
  const app = buildServer(options);
  const running = new RunningTasks();
  const handler = makeTaskHandler({
    ...deps,
    running,
    metrics: options.metrics,
    logger: options.logger,
    work: {
      chat: (task, signal) => answerChat(task.payload, callerOf(task, signal), client, options.logger),
      embed: (task, signal) => embedTexts(task.id, task.payload, callerOf(task, signal), client),
    },
  });
  let consumer: Consumer | undefined;
  let endCancellations: (() => Promise<void>) | undefined;
  app.addHook('onListen', async () => {
    endCancellations = await deps.events.onCancel((taskId) => running.cancel(taskId));
    consumer = await queue.consume(slots, handler);
  });
  app.addHook('preClose', async () => {
    await consumer?.stop();
    await endCancellations?.();
  });
  return app;
}

/** A task goes on for whoever asked for it, in the trace of that request. */
function callerOf(task: Task, signal: AbortSignal): Caller {
  const { traceparent } = continueTrace(task.traceparent, (bytes) => randomBytes(bytes).toString('hex'));
  return { identity: task.owner, requestId: task.id, traceparent, signal };
}
