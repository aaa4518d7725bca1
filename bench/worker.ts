/**
 * Tasks per second of the worker on RabbitMQ and Redis (late acknowledgement, one message a slot, states written, retries kept
 * account of) against a bare consumer: the same queue type, channels and prefetch, and nothing done. It has a channel for each slot, as
 * the worker when it asks for each task, or a subscription for each on one channel, as the worker in a backlog. Beside it the queue
 * adapter alone, the worker with three queues in their turns, a bare consumer that holds one message, and Celery with two processes,
 * which acknowledges late too and keeps states in the same Redis. The floor is the bare consumer of one channel with the worker's two
 * writes of a task's state before it acknowledges, one after the other, and nothing else. A round before the first is not counted: it compiles what the others run.
 * Needs: tools/setup.sh redis-server rabbitmq-server; makes a virtual environment for Celery itself. Run as it is published: node bench/as-published.js worker
 */
import { v7 as newId } from 'uuid';
import { connectRabbitMq } from '../app/adapters/rabbitmq/connect-rabbitmq.js';
import { RabbitTaskQueue } from '../app/adapters/rabbitmq/rabbit-task-queue.js';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { RedisTaskEvents } from '../app/adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../app/adapters/redis/redis-task-store.js';
import { RunningTasks } from '../app/queue/running-tasks.js';
import type { Task } from '../app/queue/task.js';
import type { TaskHandler } from '../app/queue/task-queue.js';
import { systemTimers } from '../app/runtime/timers.js';
import { makeLogger } from '../app/telemetry/logger.js';
import { Metrics } from '../app/telemetry/metrics.js';
import { makeTaskHandler } from '../app/worker/handle-task.js';
import { type TaskPriority, tasks as topology, worker } from '../contract/index.js';
import { RabbitMqServer } from '../test/system/rabbitmq.js';
import { RedisServer } from '../test/system/redis.js';
import { CeleryWorker } from './celery-worker.js';
import { alternate, judge, mean } from './comparison.js';
import { type Drained, drain, type StartConsumer, tell } from './queue-drain.js';

const ROUNDS = 5;
const TASKS = 6_000;
const SLOTS = 16;
const AT_LEAST_OF_BARE = 0.7;
const AT_LEAST_OF_ONE_CHANNEL = 3;
const AT_LEAST_OF_CELERY = 3;
const WORKER_ID = newId();
/** It takes so much longer for each. */
const CELERY_TASKS = 1_000;

const onError = (error: unknown) => {
  throw error;
};
const [broker, redisServer] = await Promise.all([RabbitMqServer.start(), RedisServer.start(false)]);
const redis = await openRedis({ url: redisServer.url, onError });
const queue = await RabbitTaskQueue.open({ url: broker.url, password: broker.password, onError });
const tasks = new RedisTaskStore(redis);
const events = new RedisTaskEvents(redis, onError);
const bare = connectRabbitMq({ url: broker.url, password: broker.password, onError });
const work = async () => 'done';
const handler = makeTaskHandler({
  workerId: WORKER_ID,
  tasks,
  journal: tasks,
  events,
  running: new RunningTasks(),
  work: { chat: work, embed: work },
  metrics: new Metrics(worker),
  logger: makeLogger(worker.name, 'silent'),
  clock: Date.now,
  timers: systemTimers,
});
const celery = await CeleryWorker.start({ broker, redisUrl: redisServer.url, connection: bare, onError });
const pids = { worker: process.pid, Redis: redisServer.pid, RabbitMQ: broker.pid };
const measured = (start: StartConsumer, priorities?: readonly TaskPriority[]): Promise<Drained> =>
  drain({ queue, forgetAll: () => redis.flushall(), tasks: TASKS, pids, ...(priorities && { priorities }) }, start);
const normalQueue = topology.queues.find(({ priority }) => priority === 'normal')?.name ?? '';
const byWeight = topology.queues.flatMap(({ priority, weight }) => Array.from({ length: weight }, () => priority));
const names = {
  worker: 'the worker, states in Redis',
  queue: 'the queue adapter alone',
  turns: 'the worker, three queues in their turns',
  bare: `a bare consumer, ${SLOTS} channels`,
  shared: `a bare consumer, ${SLOTS} times on one channel`,
  floor: 'the floor: that, with its two trips to Redis',
  single: 'a bare consumer, once on one channel',
} as const;
try {
  const subjects = {
    worker: () => measured((done) => consume(handler, done)),
    bare: () => measured((done) => consumeBare(SLOTS, done)),
    floor: () => measured((done) => consumeOnOneChannel(SLOTS, writeStates, done)),
    queue: () => measured((done) => consume(async () => ({ outcome: 'done' }), done)),
    turns: () => measured((done) => consume(handler, done), byWeight),
    shared: () => measured((done) => consumeOnOneChannel(SLOTS, nothing, done)),
    single: () => measured((done) => consumeBare(1, done)),
    celery: async () => ({ perSecond: await celery.perSecond(CELERY_TASKS), processorUs: {} }),
  };
  await alternate(1, subjects);
  const { celery: byCelery, ...runs } = await alternate(ROUNDS, subjects);
  console.log(`mean of ${ROUNDS} rounds of ${TASKS} tasks, ${SLOTS} slots:`);
  for (const [name, label] of Object.entries(names)) {
    console.log(`      ${label.padEnd(46)}${tell(runs[name as keyof typeof names])}`);
  }
  const speedOf = (of: readonly Drained[]) => mean(of.map(({ perSecond }) => perSecond));
  console.log(`      ${'Celery, 2 processes'.padEnd(46)}${speedOf(byCelery).toFixed(0)} per second`);
  console.log(`      the worker does ${(speedOf(runs.worker) / speedOf(runs.floor)).toFixed(2)} of the floor`);
  const times = (of: readonly Drained[]) => speedOf(of) / speedOf(runs.worker);
  judge(`${names.bare} against the worker`, times(runs.bare), 1 / AT_LEAST_OF_BARE, 'times');
  judge(`${names.shared} against the worker`, times(runs.shared), 1 / AT_LEAST_OF_BARE, 'times');
  judge('Celery against the worker', times(byCelery), 1 / AT_LEAST_OF_CELERY, 'times');
  judge('one channel against the worker', times(runs.single), 1 / AT_LEAST_OF_ONE_CHANNEL, 'times');
} finally {
  await celery.stop();
  await bare.close();
  await queue.close();
  await events.close();
  await redis.quit();
  await Promise.all([broker.stop(), redisServer.stop()]);
}

async function nothing(): Promise<void> {}

/** What the worker writes of a task, by the same scripts. */
async function writeStates(task: Task): Promise<void> {
  await tasks.begin({ task, state: 'processing', worker: WORKER_ID, updatedAt: Date.now() });
  await tasks.enter({ task, state: 'completed', result: 'done', updatedAt: Date.now() });
}

async function consume(given: TaskHandler, done: () => void): Promise<() => Promise<void>> {
  const consumer = await queue.consume(SLOTS, async (one) => {
    const outcome = await given(one);
    done();
    return outcome;
  });
  return () => consumer.stop();
}

async function consumeBare(channels: number, done: () => void): Promise<() => Promise<void>> {
  const consumers = Array.from({ length: channels }, () =>
    bare.createConsumer({ queue: normalQueue, queueOptions: { passive: true }, qos: { prefetchCount: 1 } }, async () =>
      done(),
    ),
  );
  return async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
  };
}

async function consumeOnOneChannel(
  subscriptions: number,
  work: (task: Task) => Promise<void>,
  done: () => void,
): Promise<() => Promise<void>> {
  const channel = await bare.acquire();
  await channel.basicQos({ prefetchCount: 1 });
  for (let i = 0; i < subscriptions; i += 1) {
    await channel.basicConsume({ queue: normalQueue }, async ({ deliveryTag, body }) => {
      await work(body);
      channel.basicAck({ deliveryTag });
      done();
    });
  }
  return () => channel.close();
}
