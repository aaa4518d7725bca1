import { worker } from '../../contract/index.js';
import { connectTaskQueue } from '../adapters/rabbitmq/connect-task-queue.js';
import { connectRedis } from '../adapters/redis/connect-redis.js';
import { RedisTaskEvents } from '../adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../adapters/redis/redis-task-store.js';
import { type ProcessMain, runProcess } from '../runtime/run-process.js';
import { ServiceClient } from '../runtime/service-client.js';
import { buildWorker } from './build-worker.js';

/** `armature serve worker` */
export const main: ProcessMain = (run) =>
  runProcess(worker, run, async (context) => {
    const { settings, options, clock, timers } = context;
    const [redis, queue] = await Promise.all([connectRedis(context), connectTaskQueue(context)]);
    const events = new RedisTaskEvents(redis, (error) => options.logger.warn({ err: error }, 'task events are away'));
    const client = new ServiceClient({
      rag: settings.ragUrl,
      memory: settings.memoryUrl,
      orchestrator: settings.orchestratorUrl,
    });
    const tasks = new RedisTaskStore(redis);
    const app = buildWorker(
      { queue, tasks, journal: tasks, events, client, slots: settings.slots, clock, timers },
      options,
    );
    app.addHook('onClose', () => events.close());
    return app;
  });
