/** A worker as production runs it, but for its work: `worker-process.ts RABBITMQ_URL PASSWORD REDIS_URL SLOTS`. Says when it is ready. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { RabbitTaskQueue } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisTaskEvents } from '../../app/adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../../app/adapters/redis/redis-task-store.js';
import { RunningTasks } from '../../app/queue/running-tasks.js';
import { systemTimers } from '../../app/runtime/timers.js';
import { makeLogger } from '../../app/telemetry/logger.js';
import { Metrics } from '../../app/telemetry/metrics.js';
import { makeTaskHandler, type TaskWork } from '../../app/worker/handle-task.js';
import { type ChatPayload, worker } from '../../contract/index.js';
import { type FaultWork, faultTopology as topology } from './fault-topology.js';

const [url = '', password = '', redisUrl = '', slots = '1'] = process.argv.slice(2);
const logger = makeLogger(worker.name, 'silent');
const onError = (error: unknown) => logger.warn({ err: error }, 'a store is away');
const redis = await openRedis({ url: redisUrl, onError });
const queue = await RabbitTaskQueue.open({ url, password, topology, name: `worker ${process.pid}`, onError });
const tasks = new RedisTaskStore(redis);
const events = new RedisTaskEvents(redis, onError);
const running = new RunningTasks();
await events.onCancel((taskId) => running.cancel(taskId));

const work: TaskWork = async (task, signal) => {
  await redis.hincrby('runs', task.id, 1);
  const asked: FaultWork = JSON.parse((task.payload as ChatPayload).message);
  if (asked.act === 'die') process.kill(process.pid, 'SIGKILL');
  if (asked.act === 'hang') await new Promise(() => undefined);
  if (asked.act === 'work') await wait(asked.ms, undefined, { signal });
  return { did: task.id };
};
const stopping = new AbortController();
const workerId = randomUUID();
await events.announce(workerId);
const handler = makeTaskHandler({
  workerId,
  tasks,
  journal: tasks,
  events,
  running,
  work: { chat: work, embed: work },
  metrics: new Metrics(worker),
  logger,
  clock: Date.now,
  timers: systemTimers,
  topology,
  stopping: stopping.signal,
});
const consumer = await queue.consume(Number(slots), handler);
process.stdout.write('ready\n');

process.once('SIGTERM', async () => {
  stopping.abort();
  await consumer.stop();
  await queue.close();
  await events.close();
  await redis.quit();
  process.exit(0);
});
