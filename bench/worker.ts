/**
 * Tasks per second of the worker on RabbitMQ and Redis (late acknowledgement, one message a slot, states written, retries kept
 * account of) against a bare consumer: the same queue type, channels and prefetch, and nothing done. Beside it the queue adapter
 * alone, the bare consumer on one channel, and Celery with two processes, which acknowledges late too and keeps states in the same
 * Redis. Needs: tools/setup.sh redis-server rabbitmq-server; makes a virtual environment for Celery itself.
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
import { tasks as topology, worker } from '../contract/index.js';
import { RabbitMqServer } from '../test/system/rabbitmq.js';
import { RedisServer } from '../test/system/redis.js';
import { CeleryWorker } from './celery-worker.js';
import { alternate, judge, mean } from './comparison.js';

const ROUNDS = 5;
const TASKS = 3_000;
const SLOTS = 16;
const AT_LEAST_OF_BARE = 0.7;
const AT_LEAST_OF_ONE_CHANNEL = 3;
const AT_LEAST_OF_CELERY = 3;
/** It takes so much longer for each. */
const CELERY_TASKS = 1_000;

const onError = (error: unknown) => {
  throw error;
};
const [broker, redisServer] = await Promise.all([RabbitMqServer.start(), RedisServer.start(false)]);
const redis = await openRedis({ url: redisServer.url, batched: true, onError });
const queue = await RabbitTaskQueue.open({ url: broker.url, password: broker.password, onError });
const tasks = new RedisTaskStore(redis);
const events = new RedisTaskEvents(redis, onError);
const bare = connectRabbitMq({ url: broker.url, password: broker.password, onError });
const work = async () => 'done';
const handler = makeTaskHandler({
  workerId: newId(),
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
try {
  const runs = await alternate(ROUNDS, {
    worker: () => perSecond((done) => consume(handler, done)),
    bare: () => perSecond((done) => consumeBare(SLOTS, done)),
    queue: () => perSecond((done) => consume(async () => ({ outcome: 'done' }), done)),
    single: () => perSecond((done) => consumeBare(1, done)),
    celery: () => celery.perSecond(CELERY_TASKS),
  });
  console.log(`mean of ${ROUNDS} rounds of ${TASKS} tasks, ${SLOTS} slots:`);
  const names = {
    worker: 'the worker, states in Redis',
    queue: 'the queue adapter alone',
    bare: `a bare consumer, ${SLOTS} channels`,
    single: 'a bare consumer, one channel',
    celery: 'Celery, 2 processes',
  };
  for (const [name, label] of Object.entries(names)) {
    console.log(`      ${label.padEnd(30)}${mean(runs[name as keyof typeof runs]).toFixed(0)} per second`);
  }
  const ours = mean(runs.worker);
  judge('a bare consumer against the worker', mean(runs.bare) / ours, 1 / AT_LEAST_OF_BARE, 'times');
  judge('Celery against the worker', mean(runs.celery) / ours, 1 / AT_LEAST_OF_CELERY, 'times');
  judge('one channel against the worker', mean(runs.single) / ours, 1 / AT_LEAST_OF_ONE_CHANNEL, 'times');
} finally {
  await celery.stop();
  await bare.close();
  await queue.close();
  await events.close();
  await redis.quit();
  await Promise.all([broker.stop(), redisServer.stop()]);
}

/** Fills the queue, then times how long it takes to empty it. */
async function perSecond(start: (done: () => void) => Promise<() => Promise<void>>): Promise<number> {
  await redis.flushall();
  const filling: Promise<void>[] = [];
  for (let i = 0; i < TASKS; i += 1) filling.push(queue.publish(task()));
  await Promise.all(filling);
  let left = TASKS;
  let end = () => {};
  const allDone = new Promise<void>((resolve) => {
    end = resolve;
  });
  const startedAt = performance.now();
  const stop = await start(() => {
    left -= 1;
    if (left === 0) end();
  });
  await allDone;
  const seconds = (performance.now() - startedAt) / 1000;
  await stop();
  return TASKS / seconds;
}

function task(): Task {
  return {
    id: newId(),
    kind: 'chat',
    priority: 'normal',
    owner: { user: 'ada', tenant: 'acme', tier: 'premium' },
    payload: { session: 's1', message: 'Where are spare seals kept?' },
    attempt: 0,
    createdAt: Date.now(),
  };
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
  const name = topology.queues.find(({ priority }) => priority === 'normal')?.name ?? '';
  const consumers = Array.from({ length: channels }, () =>
    bare.createConsumer({ queue: name, queueOptions: { passive: true }, qos: { prefetchCount: 1 } }, async () =>
      done(),
    ),
  );
  return async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
  };
}
