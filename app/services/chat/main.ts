import { v7 as newId } from 'uuid';
import { chat } from '../../../contract/index.js';
import { connectTaskQueue } from '../../adapters/rabbitmq/connect-task-queue.js';
import { connectRedis } from '../../adapters/redis/connect-redis.js';
import { RedisSubmissions } from '../../adapters/redis/redis-submissions.js';
import { RedisTaskEvents } from '../../adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../../adapters/redis/redis-task-store.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { systemTimers } from '../../runtime/timers.js';
import { buildChat } from './build-chat.js';

/** `armature serve chat` */
export const main: ProcessMain = (run) =>
  runProcess(chat, run, async (context) => {
    const { options, clock } = context;
    const [redis, queue] = await Promise.all([connectRedis(context), connectTaskQueue(context)]);
    const events = new RedisTaskEvents(redis, (error) => options.logger.warn({ err: error }, 'task events are away'));
    const stores = { tasks: new RedisTaskStore(redis), submissions: new RedisSubmissions(redis) };
    const app = buildChat({ ...stores, queue, events, clock, timers: systemTimers, newId }, options);
    app.addHook('onClose', () => events.close());
    return app;
  });
