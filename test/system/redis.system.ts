import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
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
import { freePorts, Program } from './program.js';
import { failOnError, redisOfFile } from './redis-of-file.js';

const START = Date.UTC(2026, 0, 1);

const { server, redis } = await redisOfFile();

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

it('is refused where it is a cluster, with what to name instead', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'armature-redis-cluster-'));
  const [port = 0, bus = 0] = await freePorts(2);
  const options = { port, bind: '127.0.0.1', dir: folder, save: '', 'cluster-enabled': 'yes', 'cluster-port': bus };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = new Program('redis-server', args, folder);
  try {
    await expect(openRedis({ url: `redis://127.0.0.1:${port}`, onError: () => undefined })).rejects.toThrow(
      `127.0.0.1:${port} is a server of a Redis Cluster, which is not supported. Name a Redis without cluster mode`,
    );
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true });
  }
});

it('is opened by a user that may not ask for what is known of the server', async () => {
  await redis.call('ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '&*', '+@all', '-@dangerous');
  const client = await openRedis({ url: server.url.replace('//', '//plain:secret@'), onError: failOnError });
  expect(await client.ping()).toBe('PONG');
  client.disconnect();
});

it('writes no task where Redis is no primary any more, and looks for another', async () => {
  await redis.flushall();
  const client = await openRedis({ url: server.url, onError: failOnError });
  try {
    const store = new RedisTaskStore(client);
    const connected = await client.client('ID');
    const write = () => store.enter({ task: sampleTask(), state: 'pending', updatedAt: START });
    await redis.replicaof('127.0.0.1', 1);
    const error: unknown = await write().catch((thrown: unknown) => thrown);
    await redis.replicaof('NO', 'ONE');
    expect(error).toMatchObject({ message: expect.stringMatching(/^READONLY /) });
    expect(await client.client('ID')).not.toBe(connected);
    expect(await write()).toBe(true);
  } finally {
    client.disconnect();
  }
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
