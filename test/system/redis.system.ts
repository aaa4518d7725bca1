import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisCacheStore } from '../../app/adapters/redis/redis-cache-store.js';
import { RedisConversationStore } from '../../app/adapters/redis/redis-conversation-store.js';
import { RedisSubmissions } from '../../app/adapters/redis/redis-submissions.js';
import { RedisTaskEvents } from '../../app/adapters/redis/redis-task-events.js';
import { RedisTaskStore } from '../../app/adapters/redis/redis-task-store.js';
import { describeCacheStore } from '../../app/cache/cache-store.conformance.js';
import { describeConversationStore } from '../../app/conversations/conversation-store.conformance.js';
import { describeSubmissions } from '../../app/queue/submissions.conformance.js';
import { describeTaskEvents } from '../../app/queue/task-events.conformance.js';
import { describeTaskJournal } from '../../app/queue/task-journal.conformance.js';
import { describeTaskStore } from '../../app/queue/task-store.conformance.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { RedisServer } from './redis.js';

const START = Date.UTC(2026, 0, 1);

let server: RedisServer;
let redis: Redis;
const failOnError = (error: unknown) => {
  throw error;
};
beforeAll(async () => {
  server = await RedisServer.start();
  redis = await openRedis({ url: server.url, onError: failOnError });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** Redis's clock cannot be moved, so what it holds grows older instead: every key comes so much nearer to its end. */
async function elapse(seconds: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const leftMs = await redis.pttl(key);
    if (leftMs < 0) continue;
    if (leftMs <= seconds * 1000) await redis.del(key);
    else await redis.pexpire(key, leftMs - seconds * 1000);
  }
}

describeCacheStore('Redis', async () => {
  await redis.flushall();
  const store = new RedisCacheStore(redis, failOnError);
  let lost = 0;
  const end = store.listen((message) => {
    if (message === 'lost') lost += 1;
  });
  await until('messages are heard', () => lost === 1);
  end();
  // One server does what it is told in turn: a message of its own that has come back comes after all others.
  const settle = async () => {
    const heard: unknown[] = [];
    const end = store.listen((message) => heard.push(message));
    await redis.publish('cache-invalidations', JSON.stringify({ from: 'settle', what: 'all' }));
    await until('the last is heard', () => heard.some((message) => JSON.stringify(message).includes('"settle"')));
    end();
  };
  return { store, advance: elapse, settle, close: () => store.close() };
});

describeSubmissions('Redis', async () => {
  await redis.flushall();
  return new RedisSubmissions(redis);
});

describeTaskStore('Redis', async () => {
  await redis.flushall();
  return { store: new RedisTaskStore(redis), now: () => START, elapse };
});

describeConversationStore('Redis', async () => {
  await redis.flushall();
  return { store: new RedisConversationStore(redis), elapse };
});

describeTaskEvents('Redis', async () => {
  const events = new RedisTaskEvents(redis, failOnError);
  return { events, close: () => events.close() };
});

describeTaskJournal('Redis', async () => {
  await redis.flushall();
  const store = new RedisTaskStore(redis);
  const events = new RedisTaskEvents(redis, failOnError);
  return { journal: store, store, events, close: () => events.close() };
});

it('writes the other tasks of a trip where the record of one is none', async () => {
  await redis.flushall();
  const store = new RedisTaskStore(redis);
  const [foreign, garbled, good] = [sampleTask(), sampleTask(), sampleTask()];
  await redis.rpush(`task:${foreign.id}`, 'not a record');
  await redis.set(`task:${garbled.id}`, 'not JSON');
  const begun = [foreign, garbled, good].map((task) => store.begin({ task, state: 'processing', updatedAt: START }));
  expect((await Promise.allSettled(begun)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await store.get(good.id)).toMatchObject({ state: 'processing' });
  await expect(begun[0]).rejects.toThrow('WRONGTYPE');
});
