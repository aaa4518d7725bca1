import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { RunningTasks } from '../queue/running-tasks.js';
import type { Task } from '../queue/task.js';
import type { TaskEvents } from '../queue/task-events.js';
import type { Consumer, TaskQueue } from '../queue/task-queue.js';
import type { Caller } from '../runtime/caller.js';
import { buildServer, type ServerOptions } from '../runtime/server.js';
import type { ServiceClient } from '../runtime/service-client.js';
import { randomHex } from '../telemetry/random-hex.js';
import { newTrace } from '../telemetry/trace-context.js';
import { answerChat } from './answer-chat.js';
import { embedTexts } from './embed-texts.js';
import { logFieldsOf, makeTaskHandler, type WorkerDeps } from './handle-task.js';
import { measureQueues } from './measure-queues.js';
import { StartedConsumer } from './started-consumer.js';

export interface BuildWorkerDeps
  extends Omit<WorkerDeps, 'workerId' | 'events' | 'stopping' | 'work' | 'running' | 'metrics' | 'logger'> {
  readonly events: TaskEvents;
  readonly queue: TaskQueue;
  readonly client: ServiceClient;
  /** Tasks worked on at a time. */
  readonly slots: number;
}

/** Consumes the queues soon after it listens and is ready from then on, until it is closed; closing waits for the work in hand. */
export function buildWorker(deps: BuildWorkerDeps, options: ServerOptions): FastifyInstance {
  const { queue, events, client, slots, timers } = deps;
  const { logger, readiness = () => [] } = options;
  measureQueues({ queue, metrics: options.metrics, logger, timers });
  const running = new RunningTasks();
  const workerId = randomUUID();
  const stopping = new AbortController();
  const handler = makeTaskHandler({
    ...deps,
    stopping: stopping.signal,
    workerId,
    running,
    metrics: options.metrics,
    logger,
    work: {
      chat: (task, signal) => answerChat(task, callerOf(task, signal), client, logger.child(logFieldsOf(task))),
      embed: (task, signal, report) => embedTexts(task.id, task.payload, callerOf(task, signal), client, report),
    },
  });
  const start = async (): Promise<Consumer> => {
    const ends: (() => Promise<void>)[] = [];
    const end = async () => {
      for (const one of ends) await one();
    };
    try {
      ends.push(await events.announce(workerId));
      ends.push(await events.onCancel((taskId) => running.cancel(taskId)));
      const consumer = await queue.consume(slots, handler);
      return { stop: () => consumer.stop().finally(end) };
    } catch (error) {
      await end();
      throw error;
    }
  };
  const consumer = new StartedConsumer({ start, timers, logger });
  const app = buildServer({ ...options, readiness: () => [...readiness(), consumer.readiness] });
  // Not awaited: what a hook throws here Fastify only logs, and a store that stays away must not hold up the end of the process.
  app.addHook('onListen', async () => consumer.begin());
  app.addHook('preClose', () => {
    stopping.abort();
    return consumer.stop();
  });
  return app;
}

/** A task goes on for whoever asked for it, in the trace of that request. */
function callerOf(task: Task, signal: AbortSignal): Caller {
  const traceparent = task.traceparent ?? newTrace(randomHex).traceparent;
  return { identity: task.owner, requestId: task.id, traceparent, signal };
}
