/**
 * The seed's claims for caches (32.3), run: callers that ask again as soon as they are answered, for articles whose popularity is Zipf's, of a source that takes
 * 800 ms. Three replicas over one Redis, with the platform's own policy, against the same callers without caches. Nothing is judged: figures stand beside the claims.
 * Needs Redis (tools/setup.sh redis-server); takes some three minutes (BENCH_ROUNDS, BENCH_SECONDS).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { RedisCacheStore } from '../app/adapters/redis/redis-cache-store.js';
import { CACHE_LEVELS, type CacheLevel } from '../app/cache/cache-answer.js';
import { cacheKey } from '../app/cache/cache-key.js';
import { TieredCache } from '../app/cache/tiered-cache.js';
import { seededRandom } from '../app/canary/seeded-random.fixture.js';
import { RedisServer } from '../test/system/redis.js';
import { alternate, mean } from './comparison.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** Of a measurement, and before it as long to fill the caches. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const REPLICAS = 3;
/** Without caches some 50 requests per second: the seed's load. */
const CALLERS = 40;
const ARTICLES = 10_000;
const ZIPF_EXPONENT = 1;
/** Log-normal, so that the mean is 800 ms and the p99 2,000 ms, as the seed has them. */
const SOURCE = { meanMs: 800, sigma: 0.435 };
/** Student's t, two-sided 95 %, by rounds less one. */
const T = [Number.NaN, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

interface Load {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly qps: number;
  readonly levels: Readonly<Record<CacheLevel, number>>;
}

const random = seededRandom(32);
const popularity = cumulated(Array.from({ length: ARTICLES }, (_, i) => 1 / (i + 1) ** ZIPF_EXPONENT));
const server = await RedisServer.start(false);
const onError = (error: unknown) => console.error(error);
const connections = await Promise.all(Array.from({ length: REPLICAS }, () => openRedis({ url: server.url, onError })));
const stores = connections.map((redis) => new RedisCacheStore(redis, onError));
try {
  const runs = await alternate(ROUNDS, { without, with: withCaches });
  console.log(
    `${CALLERS} callers, ${ARTICLES} articles by Zipf (exponent ${ZIPF_EXPONENT}), ${ROUNDS} rounds of ${SECONDS} s; mean of the rounds and its 95 % interval:`,
  );
  row('', 'without', 'with', 'claimed');
  row('mean, ms', interval(runs.without, 'meanMs'), interval(runs.with, 'meanMs'), '800 → 50');
  row('p99, ms', interval(runs.without, 'p99Ms'), interval(runs.with, 'p99Ms'), '2000 → 200');
  row('requests per second', interval(runs.without, 'qps'), interval(runs.with, 'qps'), '50 → 500');
  const claims = { l1: '40 %', l2: '35 %', source: '25 %' };
  for (const level of CACHE_LEVELS) {
    const percents = runs.with.map(({ levels }) => 100 * levels[level]);
    row(`answered by ${level}, %`, '', intervalOf(percents), claims[level]);
  }
} finally {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(connections.map((redis) => redis.quit()));
  await server.stop();
}
process.exit();

async function without(): Promise<Load> {
  return measure(async () => {
    await source();
    return 'source';
  });
}

/** Caches are new and Redis is empty at the beginning of each round. */
async function withCaches(): Promise<Load> {
  await connections[0]?.flushall();
  const caches = stores.map(
    (store) => new TieredCache({ store, clock: Date.now, onStoreError: onError, onRefreshError: onError }),
  );
  const ask = async () => {
    const cache = caches[Math.floor(random() * REPLICAS)] as TieredCache;
    const drawn = random();
    const article = popularity.findIndex((upTo) => upTo > drawn);
    return (await cache.getOrCompute(cacheKey('load', { tenant: 'acme' }, article), source)).level;
  };
  await measure(ask);
  const load = await measure(ask);
  for (const cache of caches) cache.close();
  return load;
}

async function source(): Promise<string> {
  const { meanMs, sigma } = SOURCE;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  await pause(meanMs * Math.exp(sigma * normal - sigma ** 2 / 2));
  return 'An answer of a source that takes its time.';
}

async function measure(ask: () => Promise<CacheLevel>): Promise<Load> {
  const took: number[] = [];
  const counts = { l1: 0, l2: 0, source: 0 };
  const startedAt = performance.now();
  const endsAt = startedAt + SECONDS * 1000;
  const caller = async () => {
    for (let at = performance.now(); at < endsAt; ) {
      counts[await ask()] += 1;
      const now = performance.now();
      took.push(now - at);
      at = now;
      // A hit near takes no turn of the event loop: without this one caller would go on while all others wait.
      await pause(0);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  took.sort((a, b) => a - b);
  const share = (level: CacheLevel) => counts[level] / took.length;
  return {
    meanMs: mean(took),
    p99Ms: took[Math.floor(0.99 * took.length)] ?? 0,
    qps: took.length / elapsedSeconds,
    levels: { l1: share('l1'), l2: share('l2'), source: share('source') },
  };
}

function interval(loads: readonly Load[], figure: 'meanMs' | 'p99Ms' | 'qps'): string {
  return intervalOf(loads.map((load) => load[figure]));
}

function intervalOf(values: readonly number[]): string {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  const spread = (T[values.length - 1] ?? 2.2) * Math.sqrt(variance / values.length);
  return `${centre.toFixed(1)} (${(centre - spread).toFixed(1)} to ${(centre + spread).toFixed(1)})`;
}

function row(what: string, ...cells: readonly string[]): void {
  console.log(`      ${what.padEnd(24)}${cells.map((cell) => cell.padEnd(28)).join('')}`);
}

function cumulated(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight / total;
    return sum;
  });
}
