/**
 * The tiered cache against lru-cache, ioredis and other caches in the same run: a hit near, a hit in Redis, many misses at once.
 * Needs Redis (tools/setup.sh redis-server) and the peers (npm ci --prefix bench/peers). Run as it is published: node bench/as-published.js cache
 */
import { LRUCache } from 'lru-cache';
import pino from 'pino';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { RedisCacheStore } from '../app/adapters/redis/redis-cache-store.js';
import { type CacheKey, cacheKey } from '../app/cache/cache-key.js';
import { makeTieredCache } from '../app/cache/make-tiered-cache.js';
import { TieredCache } from '../app/cache/tiered-cache.js';
import { Metrics } from '../app/telemetry/metrics.js';
import { cachePolicy, rag } from '../contract/index.js';
import { RedisServer } from '../test/system/redis.js';
import { alternate, judge, median } from './comparison.js';

const ROUNDS = 9;
/** A trip to Redis is mostly the kernel's: many short rounds, of which few are held up by what else the machine does, so that the median tells. */
const SHARED_ROUNDS = 60;
const KEYS = 500;
const NEAR_GETS = 200_000;
const SHARED_GETS = 500;
const WARM_UP_GETS = 10_000;
const CALLERS = 1_000;

interface PeerCache {
  readonly get: (key: string) => Promise<unknown>;
  readonly set: (key: string, value: unknown) => Promise<unknown>;
}
const { openPeers } = (await import(new URL('peers/caches.js', import.meta.url).href).catch(() => {
  throw new Error('The peers are not there: npm ci --prefix bench/peers');
})) as { openPeers: () => Readonly<Record<string, PeerCache>> };

/** As retrieval answers: five passages with their sources. */
const value = {
  passages: Array.from({ length: 5 }, (_, i) => ({
    document_id: `document-${i}`,
    source: `handbook-${i}.md`,
    index: i,
    score: 0.9 - i / 10,
    text: 'Spare seals are kept in cabinet four beside the workshop door. '.repeat(6),
  })),
};
const keys = Array.from({ length: KEYS }, (_, i) => cacheKey('rag', { tenant: 'acme' }, i));
const keyAt = (i: number) => keys[i % KEYS] as CacheKey;
const missed = async () => {
  throw new Error('a hit was expected');
};

const server = await RedisServer.start(false);
const onError = (error: unknown) => {
  throw error;
};
const redis = await openRedis({ url: server.url, onError });
const store = new RedisCacheStore(redis, onError);
try {
  await nearHits();
  await sharedHits();
  await missesAtOnce();
} finally {
  await store.close();
  await redis.quit();
  await server.stop();
}
process.exit();

/** A hit in this process, awaited, with its count and a copy of the value for the caller. */
async function nearHits(): Promise<void> {
  const options = { metrics: new Metrics(rag), logger: pino({ enabled: false }) };
  const ours = makeTieredCache(store, Date.now, options);
  const lru = new LRUCache<string, typeof value>({ max: 1000 });
  const peers = openPeers();
  for (const key of keys) {
    await ours.getOrCompute(key, async () => value);
    lru.set(key, value);
    for (const peer of Object.values(peers)) await peer.set(key, value);
  }
  const nanoseconds = async (gets: number, get: (key: CacheKey) => unknown) => {
    const startedAt = performance.now();
    for (let i = 0; i < gets; i += 1) await get(keyAt(i));
    return (1e6 * (performance.now() - startedAt)) / gets;
  };
  const runs = await alternate(ROUNDS, {
    ours: () => nanoseconds(NEAR_GETS, (key) => ours.getOrCompute(key, missed)),
    'lru-cache': () => nanoseconds(NEAR_GETS, (key) => lru.get(key)),
    ...Object.fromEntries(
      Object.entries(peers).map(([name, peer]) => [name, () => nanoseconds(NEAR_GETS / 10, (key) => peer.get(key))]),
    ),
  } as Record<string, () => Promise<number>>);
  print('a hit near', runs, 'ns');
  const ratio = (one: string, other: string) => median(runs[one] ?? []) / median(runs[other] ?? []);
  judge('a hit near, against an awaited lru-cache', ratio('ours', 'lru-cache'), 3, 'times');
  for (const name of Object.keys(peers)) judge(`a hit near, against ${name}`, ratio('ours', name), 0.1, 'times');
}

/** A hit in Redis, in processor time of this process: the trip itself is Redis' and the kernel's. One key after another, so that none is near. */
async function sharedHits(): Promise<void> {
  const policy = { ...cachePolicy, l1: { ...cachePolicy.l1, entries: 1 } };
  const ours = new TieredCache({ store, clock: Date.now, policy, onStoreError: onError, onRefreshError: onError });
  for (const key of keys) {
    await ours.getOrCompute(key, async () => value, { ttlSeconds: null });
    await redis.set(`plain:${key}`, JSON.stringify(value));
  }
  const get = (key: CacheKey): Promise<unknown> => ours.getOrCompute(key, missed);
  const plain = async (key: CacheKey): Promise<unknown> => JSON.parse((await redis.get(`plain:${key}`)) ?? '');
  const microseconds = async (ask: (key: CacheKey) => Promise<unknown>, gets = SHARED_GETS) => {
    const before = process.cpuUsage();
    for (let i = 0; i < gets; i += 1) await ask(keyAt(i));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / gets;
  };
  for (const ask of [get, plain]) await microseconds(ask, WARM_UP_GETS);
  const runs = await alternate(SHARED_ROUNDS, { ours: () => microseconds(get), ioredis: () => microseconds(plain) });
  print('a hit in Redis', runs, 'µs');
  judge('a hit in Redis, against GET and JSON.parse', median(runs.ours) / median(runs.ioredis), 1.2, 'times');
}

async function missesAtOnce(): Promise<void> {
  await redis.flushall();
  const ours = new TieredCache({ store, clock: Date.now, onStoreError: onError, onRefreshError: onError });
  let calls = 0;
  const compute = async () => {
    calls += 1;
    return value;
  };
  await Promise.all(Array.from({ length: CALLERS }, () => ours.getOrCompute(keyAt(0), compute)));
  judge(`calls of the source for ${CALLERS} misses at once`, calls, 1, 'calls');
}

function print(what: string, runs: Readonly<Record<string, readonly number[]>>, unit: string): void {
  console.log(`${what}, median of all rounds:`);
  for (const [name, values] of Object.entries(runs)) {
    console.log(`      ${name.padEnd(13)} ${median(values).toPrecision(3)} ${unit}`);
  }
}
