/**
 * Admissions by window, bucket and token budget together, against three limiters of rate-limiter-flexible on the same Redis, which
 * are asked in one go; beside it one limit of theirs, which is less than we decide, and both with the settlement of each request's
 * tokens. Needs Redis: tools/setup.sh redis-server
 */
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { RedisRateLimiter } from '../app/adapters/redis/redis-rate-limiter.js';
import { tiers } from '../contract/index.js';
import { RedisServer } from '../test/system/redis.js';
import { alternate, judge, mean } from './comparison.js';

type Redis = Awaited<ReturnType<typeof openRedis>>;

const ROUNDS = 25;
const ADMISSIONS = 5_000;
const AT_ONCE = 64;
const USERS = 100;
const BOUND = 1;
/** What each request reserves, and what it is found to have used. */
const TOKENS = { reserved: 1_500, used: 700 };

/** Wide enough that most are admitted, which costs more than a refusal. */
const spec = {
  ...tiers.enterprise,
  bucket: { ratePerSecond: 1_000, capacity: 1_000 },
  tokensPerMinute: 1_000 * TOKENS.reserved,
};
const { requestsPerWindow, windowSeconds, bucket, tokensPerMinute } = spec;
const onError = (error: unknown) => {
  throw error;
};

const server = await RedisServer.start(false);
const redis = await openRedis({ url: server.url, onError });
try {
  const ours = new RedisRateLimiter(redis);
  const one = peer(redis, 'one', requestsPerWindow, windowSeconds);
  const window = peer(redis, 'window', requestsPerWindow, windowSeconds);
  const burst = peer(redis, 'bucket', bucket.capacity, bucket.capacity / bucket.ratePerSecond);
  const budget = peer(redis, 'tokens', tokensPerMinute, 60);
  const refused = () => false; // A refusal is a rejected promise there, and as good an answer.
  const askThree = async (user: string) => {
    const asked = [window.consume(user), burst.consume(user), budget.consume(user, TOKENS.reserved)];
    const answers = await Promise.all(asked.map((one) => one.then(() => true, refused)));
    return answers.every(Boolean);
  };
  const givenBack = TOKENS.reserved - TOKENS.used;
  const runs = await alternate(ROUNDS, {
    ours: () => admitAll((user) => ours.admitBy(user, TOKENS.reserved, spec)),
    one: () => admitAll((user) => one.consume(user).catch(refused)),
    three: () => admitAll(askThree),
    oursSettled: () =>
      admitAll(async (user) => {
        const { admitted } = await ours.admitBy(user, TOKENS.reserved, spec);
        if (admitted) await ours.settleBy(user, -givenBack, spec);
      }),
    threeSettled: () =>
      admitAll(async (user) => {
        if (await askThree(user)) await budget.reward(user, givenBack);
      }),
  });
  console.log(`mean of ${ROUNDS} rounds of ${ADMISSIONS} admissions of ${USERS} users, ${AT_ONCE} at once:`);
  for (const [name, values] of Object.entries(runs)) {
    console.log(
      `      ${name.padEnd(12)} ${perSecond(values).toFixed(0)} per second, ${processorMicros(values).toFixed(1)} µs each`,
    );
  }
  judge('time of three limits, ours against theirs', perSecond(runs.three) / perSecond(runs.ours), BOUND, 'times');
  judge('processor time of three limits', processorMicros(runs.ours) / processorMicros(runs.three), BOUND, 'times');
  // Nobody waits for a settlement: what it costs is the processor's time.
  judge(
    'processor time with the settlement',
    processorMicros(runs.oursSettled) / processorMicros(runs.threeSettled),
    BOUND,
    'times',
  );
} finally {
  await redis.quit();
  await server.stop();
}

function peer(storeClient: Redis, keyPrefix: string, points: number, duration: number): RateLimiterRedis {
  return new RateLimiterRedis({ storeClient, keyPrefix, points, duration });
}

/** What the admissions of one run have taken. */
interface Run {
  readonly seconds: number;
  /** Of this process and of Redis together. */
  readonly processorSeconds: number;
}

async function admitAll(admit: (user: string) => Promise<unknown>): Promise<Run> {
  await redis.flushall();
  let asked = 0;
  const before = await processorSeconds();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (asked < ADMISSIONS) {
        asked += 1;
        await admit(`user-${asked % USERS}`);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, processorSeconds: (await processorSeconds()) - before };
}

async function processorSeconds(): Promise<number> {
  const { user, system } = process.cpuUsage();
  const info = await redis.info('cpu');
  const ofRedis = [...info.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)].map(([, value]) => Number(value));
  return (user + system) / 1e6 + ofRedis.reduce((sum, value) => sum + value, 0);
}

function perSecond(runs: readonly Run[]): number {
  return ADMISSIONS / mean(runs.map(({ seconds }) => seconds));
}

function processorMicros(runs: readonly Run[]): number {
  return (1e6 * mean(runs.map((run) => run.processorSeconds))) / ADMISSIONS;
}
