/** The caches over a real Redis and a Qdrant that hangs: several replicas, each with connections of its own, and a Redis that is killed, held up or cut off. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openQdrant } from '../../app/adapters/qdrant/open-qdrant.js';
import { QdrantAnswerIndex } from '../../app/adapters/qdrant/qdrant-answer-index.js';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisCacheStore } from '../../app/adapters/redis/redis-cache-store.js';
import { cacheKey } from '../../app/cache/cache-key.js';
import { cacheTag } from '../../app/cache/cache-tag.js';
import { TieredCache } from '../../app/cache/tiered-cache.js';
import type { AnswerScope } from '../../app/semantic-cache/answer-scope.js';
import { SemanticCache } from '../../app/semantic-cache/semantic-cache.js';
import { cachePolicy, semanticCachePolicy } from '../../contract/index.js';
import { until } from '../support/until.js';
import { RedisServer } from './redis.js';

const key = cacheKey('rag', { tenant: 'acme' }, 'question');
const tag = cacheTag('acme', 'document d1');
const { timeoutMs } = cachePolicy.l2;

/** One process's cache. */
class Replica {
  errors = 0;
  private constructor(
    readonly redis: Redis,
    readonly store: RedisCacheStore,
    readonly cache: TieredCache,
  ) {}

  /** @param heard whether to wait until it hears what others invalidate */
  static async start(url: string, heard = true): Promise<Replica> {
    const onError = () => {
      if (replica !== undefined) replica.errors += 1;
    };
    let replica: Replica | undefined;
    const redis = await openRedis({
      url,
      commandTimeoutMs: timeoutMs,
      whenAway: 'fail',
      inBackground: !heard,
      onError,
    });
    const store = new RedisCacheStore(redis, onError);
    const hears = new Promise<void>((resolve) => store.listen(() => resolve()));
    const cache = new TieredCache({ store, clock: Date.now, onStoreError: onError, onRefreshError: onError });
    replica = new Replica(redis, store, cache);
    if (heard) await hears;
    return replica;
  }

  /** Asks for the value, which the source would give as `value` now. */
  async ask(value: string) {
    return this.cache.getOrCompute(key, async () => value, { tags: [tag] });
  }

  async stop(): Promise<void> {
    this.cache.close();
    await this.store.close();
    this.redis.disconnect();
  }
}

let server: RedisServer;
let replicas: readonly [Replica, Replica, Replica];
beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(async () => server.stop());
beforeEach(async () => {
  replicas = await Promise.all([Replica.start(server.url), Replica.start(server.url), Replica.start(server.url)]);
  await replicas[0].redis.flushall();
});
afterEach(async () => {
  for (const replica of replicas) await replica.stop();
});

describe('replicas with one Redis', () => {
  afterEach(() => expect(replicas.map(({ errors }) => errors)).toEqual([0, 0, 0]));

  it('ask the source once for 1,000 callers that come at once', async () => {
    let calls = 0;
    const source = async () => {
      calls += 1;
      await until('all callers have come', () => asked === 1_000);
      return 'once';
    };
    let asked = 0;
    const answers = Array.from({ length: 1_000 }, (_, i) => {
      asked += 1;
      return replicas[i % 3]?.cache.getOrCompute(key, source);
    });
    expect(new Set((await Promise.all(answers)).map((answer) => answer?.value))).toEqual(new Set(['once']));
    expect(calls).toBe(1);
  });

  it.each(['key', 'tag', 'everything'] as const)('all forget what one invalidates by %s', async (by) => {
    for (const replica of replicas) await replica.ask('old');
    for (const replica of replicas) expect(await replica.ask('new')).toMatchObject({ value: 'old', level: 'l1' });
    const { cache } = replicas[0];
    await (by === 'key' ? cache.delete(key) : by === 'tag' ? cache.deleteTag(tag) : cache.clear());
    for (const replica of replicas) {
      await until('it has heard', async () => (await replica.ask('new')).value === 'new');
    }
  });

  it('take over the computation of one that died', async () => {
    await replicas[0].store.claim({ key, token: 'dead', tags: [], leaseMs: 100 });
    expect(await replicas[1].ask('taken over')).toMatchObject({ value: 'taken over', level: 'source' });
  });

  it('trust nothing near after messages may have been lost', async () => {
    const [one, other] = replicas;
    await one.ask('old');
    await other.ask('old');
    // Its subscription is cut; before it is back, the value is forgotten without its hearing.
    await one.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await one.cache.delete(key);
    await until('it has forgotten', async () => (await other.ask('new')).value === 'new');
  });
});

describe('without Redis', () => {
  it('answers come from near and from the source, none fails, and none is out of date when it is back', async () => {
    const [one, other] = replicas;
    await one.ask('old');
    await other.ask('old');
    await server.kill();
    try {
      expect(await other.ask('new')).toMatchObject({ value: 'old', level: 'l1' });
      const many = Array.from({ length: 200 }, (_, i) =>
        other.cache.getOrCompute(cacheKey('rag', { tenant: 'acme' }, i), async () => i),
      );
      expect((await Promise.all(many)).every(({ level }, i) => level === 'source' && i >= 0)).toBe(true);
      // It cannot be told to anybody now: Redis keeps the old value, and the other has it near.
      await one.cache.delete(key);
      expect(await one.ask('new')).toMatchObject({ value: 'new', level: 'source' });
    } finally {
      await server.restart();
    }
    await until('the other has heard', async () => (await other.ask('new')).value === 'new', 10_000);
    // Whether it finds the other's new value depends on which of them asked Redis again first.
    await until('the third gives nothing old', async () => (await replicas[2].ask('newer')).value !== 'old');
  });

  it('a Redis that holds every command up costs one look-up its time, and those after it nothing', async () => {
    const [one] = replicas;
    const control = await openRedis({ url: server.url, onError: () => undefined });
    await control.call('CLIENT', 'PAUSE', '60000', 'ALL');
    try {
      const startedAt = performance.now();
      expect(await one.ask('v')).toMatchObject({ value: 'v', level: 'source' });
      for (let i = 0; i < 100; i += 1) {
        const { level } = await one.cache.getOrCompute(cacheKey('rag', { tenant: 'acme' }, i), async () => i);
        expect(level).toBe('source');
      }
      // What a busy machine adds, and once more the time if the store is tried again meanwhile.
      expect(performance.now() - startedAt).toBeLessThan(2 * timeoutMs + 500);
      expect(one.errors).toBeGreaterThan(0);
    } finally {
      control.disconnect();
      await server.kill();
      await server.restart();
    }
  });

  it('a server that accepts and never answers is no worse than none', async () => {
    const silent = createServer(() => undefined);
    const { url, close } = await listening(silent);
    const replica = await Replica.start(url, false);
    try {
      const startedAt = performance.now();
      expect(await replica.ask('v')).toMatchObject({ value: 'v', level: 'source' });
      await replica.cache.delete(key);
      expect(await replica.ask('w')).toMatchObject({ value: 'w', level: 'source' });
      expect(performance.now() - startedAt).toBeLessThan(3 * timeoutMs + 500);
    } finally {
      await replica.stop();
      await close();
    }
  });
});

describe('the semantic cache', () => {
  it('is passed over when its Qdrant accepts and never answers', async () => {
    const silent = createServer(() => undefined);
    const { url, close } = await listening(silent);
    const errors: unknown[] = [];
    const cache = new SemanticCache({
      index: new QdrantAnswerIndex(openQdrant({ url: url.replace('redis:', 'http:'), apiKey: 'k' }), Date.now),
      embed: async () => [1, 0],
      clock: Date.now,
      onError: (error) => errors.push(error),
    });
    const scope: AnswerScope = {
      tenant: 'acme',
      userGroup: 'staff',
      model: 'gpt-4',
      systemPromptHash: 'a'.repeat(64),
      tools: [],
      language: 'en',
      images: [],
      parameters: {},
      knowledge: 'default@1',
    };
    const question = 'What is the capital of France?';
    try {
      const startedAt = performance.now();
      expect(await cache.find(scope, question)).toEqual({ hit: null, miss: { reason: 'failed' } });
      expect(await cache.store(scope, { question, answer: 'Paris.', documents: [], usedTools: false })).toBe(false);
      expect(performance.now() - startedAt).toBeLessThan(2 * semanticCachePolicy.timeoutMs + 500);
      expect(errors).toHaveLength(2);
    } finally {
      await close();
    }
  });
});

async function listening(server: Server) {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { url: `redis://127.0.0.1:${port}`, close };
}
