import { spawn } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisRateLimiter } from '../../app/adapters/redis/redis-rate-limiter.js';
import { seededRandom } from '../../app/canary/seeded-random.fixture.js';
import { admit, type LimitState, settle, UNUSED } from '../../app/limits/admit.js';
import { GuardedRateLimiter } from '../../app/limits/guarded-rate-limiter.js';
import { describeRateLimiter } from '../../app/limits/rate-limiter.conformance.js';
import type { LimitStandings, RateLimiter } from '../../app/limits/rate-limiter.js';
import { isStoreAway } from '../../app/runtime/is-store-away.js';
import { type TierSpec, tiers } from '../../contract/index.js';
import { until } from '../support/until.js';
import { RedisServer } from './redis.js';
import { failOnError, redisOfFile } from './redis-of-file.js';

const START = Date.UTC(2026, 0, 1);

const { server, redis } = await redisOfFile();

describeRateLimiter('Redis', async () => {
  await redis.flushall();
  let now = START;
  return {
    limiter: new RedisRateLimiter(redis, { clock: () => now }),
    advance: (ms) => {
      now += ms;
    },
  };
});

describe('the limiter on Redis', () => {
  it('decides as the pure one does, over 100,000 random steps', async () => {
    const STEPS = 100_000;
    const BATCH = 1_000;
    await redis.flushall();
    const random = seededRandom(7);
    const upTo = (max: number) => Math.floor(random() * max);
    const rates = [1, 3, 10, 29, 0.3, 1 / 3, 0.7, 7.7];
    const specs = Array.from(
      { length: 20 },
      (_, i): TierSpec => ({
        name: `spec ${i}`,
        priority: 'any',
        requestsPerWindow: 1 + upTo(30),
        windowSeconds: 1 + upTo(20),
        bucket: { ratePerSecond: rates[upTo(rates.length)] ?? 1, capacity: 1 + upTo(30) },
        tokensPerMinute: 1 + upTo(30_000),
      }),
    );
    let now = START;
    const limiter = new RedisRateLimiter(redis, { clock: () => now });
    const states = new Map<string, LimitState>();
    const outcomes = { admitted: 0, window: 0, bucket: 0, tokens: 0 };
    for (let step = 0; step < STEPS; step += BATCH) {
      const expected: unknown[] = [];
      const answers: Promise<unknown>[] = [];
      for (let i = 0; i < BATCH; i += 1) {
        // Mostly forward by little or nothing, at times by much, and at times the clock steps back.
        now +=
          random() < 0.002
            ? -upTo(300_000)
            : random() < 0.02
              ? -upTo(3_000)
              : random() < 0.5
                ? upTo(20)
                : random() < 0.02
                  ? upTo(20_000)
                  : 0;
        const spec = specs[upTo(specs.length)] as TierSpec;
        const state = states.get(spec.name) ?? UNUSED;
        // Each fifth step settles one before it, by more than was reserved or by less.
        if (random() < 0.2) {
          const difference = upTo(spec.tokensPerMinute) - Math.floor(spec.tokensPerMinute / 2);
          states.set(spec.name, settle(state, now, difference, spec));
          answers.push(limiter.settleBy(spec.name, difference, spec).then(() => 'settled'));
          expected.push('settled');
          continue;
        }
        const tokens = random() < 0.1 ? 0 : upTo(Math.ceil(1.1 * spec.tokensPerMinute * random() * random()));
        const { admission, next } = admit(state, now, tokens, spec);
        states.set(spec.name, next);
        outcomes[admission.admitted ? 'admitted' : admission.by] += 1;
        expected.push(admission);
        answers.push(limiter.admitBy(spec.name, tokens, spec));
      }
      expect(await Promise.all(answers)).toEqual(expected);
    }
    // Steps that are all admitted, or all refused by one limit, would agree on little.
    for (const [outcome, steps] of Object.entries(outcomes))
      expect([outcome, steps / STEPS > 0.02]).toEqual([outcome, true]);
    expect(outcomes.admitted / STEPS).toBeGreaterThan(0.15);
  });

  it('goes on without what Redis let go for want of memory, though fewer requests are allowed than before', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis, { clock: () => START });
    for (let i = 0; i < 5; i += 1) await limiter.admitBy('user', 0, tiers.free);
    await redis.del('limits:{user}:window');
    const waited = await limiter.admitBy('user', 0, { ...tiers.free, requestsPerWindow: 2 });
    expect(waited).toMatchObject({ admitted: false, by: 'window', resetAfterSeconds: tiers.free.windowSeconds });
  });

  it('begins anew for a user whose keys hold something else, and goes on for all who share the trip', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis);
    const users = ['ada', 'bob', 'eve', 'kim', 'lea', 'max'];
    const askAll = () => Promise.all(users.map((user) => limiter.admitBy(user, 0, tiers.free)));
    await askAll();
    await redis.del('limits:{bob}:state', 'limits:{kim}:window', 'limits:{lea}:window');
    await redis.lpush('limits:{bob}:state', 'something else');
    await redis.set('limits:{eve}:state', 'too short');
    await redis.set('limits:{kim}:window', 'something else');
    await redis.rpush('limits:{lea}:window', 'no time', 'no time');
    await redis.set('limits:{lea}:state', stateOfOldWindow());
    await redis.set('limits:{max}:state', 'something else that is as long as six doubles, or more');
    const left = (await askAll()).map(({ limits }) => tiers.free.requestsPerWindow - limits.window.remaining);
    expect(left).toEqual([2, 1, 1, 1, 1, 1]);
  });

  it('decides on while the script is forgotten under load', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis, { clock: () => START });
    let admitted = 0;
    let asked = 0;
    const ask = async () => {
      for (; asked < 2_000; ) {
        asked += 1;
        if ((await limiter.admitBy('ada', 0, wide)).admitted) admitted += 1;
        if (asked % 100 === 0) await redis.script('FLUSH');
      }
    };
    await Promise.all(Array.from({ length: 64 }, ask));
    expect(admitted).toBe(2_000);
  });

  it.each([
    ['is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], 'OOM'],
    ['is no primary any more', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 'READONLY'],
  ] as const)(
    'fails for everybody alike where Redis %s, forgets nothing, and looks for another where that helps',
    async (_, [begin, ...how], [end, ...back], code) => {
      await redis.flushall();
      const client = await openRedis({ url: server.url, onError: failOnError });
      const limiter = new RedisRateLimiter(client);
      const users = ['ada', 'bob'];
      const askAll = () => Promise.allSettled(users.map((user) => limiter.admitBy(user, 0, tiers.free)));
      try {
        await askAll();
        const connected = await client.client('ID');
        await redis.call(begin, ...how);
        const refused = await askAll();
        await redis.call(end, ...back);
        for (const answer of refused) {
          expect(answer).toMatchObject({ reason: { message: expect.stringMatching(new RegExp(`^${code} `)) } });
          expect(isStoreAway((answer as PromiseRejectedResult).reason)).toBe(true);
        }
        expect((await client.client('ID')) === connected).toBe(code !== 'READONLY');
        expect(await askAll()).toMatchObject(
          users.map(() => ({ value: { limits: { window: { remaining: tiers.free.requestsPerWindow - 2 } } } })),
        );
      } finally {
        client.disconnect();
      }
    },
  );

  // A bucket that gains a request in eleven days; a budget comes back all the time, so that its clock stands still.
  const wide = { ...tiers.enterprise, requestsPerWindow: 10_000, bucket: { ratePerSecond: 1e-6, capacity: 10_000 } };
  it.each<[string, Partial<TierSpec>, AskedByProcess]>([
    ['window', { requestsPerWindow: 1_000 }, { tokens: 0 }],
    ['bucket', { bucket: { ratePerSecond: 1e-6, capacity: 1_000 } }, { tokens: 0 }],
    ['tokens', { tokensPerMinute: 7_000 }, { tokens: 7, now: START }],
  ])('admits exactly the limit of its %s to four processes together', async (_, narrow, asked) => {
    const LIMIT = 1_000;
    await redis.flushall();
    const counts = await Promise.all(
      Array.from({ length: 4 }, () => admittedByProcess('ada', { ...wide, ...narrow }, asked, LIMIT / 2)),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(LIMIT);
    expect(Math.max(...counts)).toBeLessThan(LIMIT); // no process had it all to itself
  });

  it('takes what comes during one trip together in the next', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis, { clock: () => START });
    const admit = (user: number) => limiter.admitBy(`user ${user}`, 0, tiers.free);
    const first = admit(0);
    await nextTurn(); // it is under way
    await redis.config('RESETSTAT');
    await Promise.all([first, ...Array.from({ length: 100 }, (_, user) => admit(user))]);
    expect(await redis.info('commandstats')).toMatch(/cmdstat_evalsha:calls=[12],/);
  });

  it('lets a settlement wait for the next admission, and sends it first', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis, { clock: () => START, settleWithinMs: 60_000 });
    const all = { ...tiers.free, tokensPerMinute: 100 };
    await limiter.admitBy('user', 100, all);
    const settled = limiter.settleBy('user', -60, all);
    const next = await limiter.admitBy('user', 60, all);
    expect(next).toMatchObject({ admitted: true, limits: { tokens: { remaining: 0 } } });
    await settled;
  });

  it('lets a settlement wait no longer than it is told', async () => {
    await redis.flushall();
    const limiter = new RedisRateLimiter(redis, { clock: () => START, settleWithinMs: 1 });
    await limiter.admitBy('user', 100, tiers.free);
    await limiter.settleBy('user', -100, tiers.free);
    const { limits } = await new RedisRateLimiter(redis, { clock: () => START }).admitBy('user', 0, tiers.free);
    expect(limits.tokens.remaining).toBe(tiers.free.tokensPerMinute);
  });

  it('needs one trip and no clock of the caller: the script alone reads the time', async () => {
    await redis.flushall();
    const before = await redisMs();
    await new RedisRateLimiter(redis).admit({ user: 'ada', tenant: 'acme', tier: 'free' }, 100);
    const admittedAt = Number(await redis.lindex('limits:{["acme","ada"]}:window', 0));
    expect(admittedAt).toBeGreaterThanOrEqual(before);
    expect(admittedAt).toBeLessThanOrEqual(await redisMs());
  });
});

describe.each([
  ['goes away', (server: RedisServer) => server.kill(), (server: RedisServer) => server.restart()],
  ['hangs', async (server: RedisServer) => server.freeze(), async (server: RedisServer) => server.thaw()],
])('a Redis that %s', (_, leave, comeBack) => {
  it('costs a request for admission no more than its bound, and decides again when it is back', async () => {
    const BOUND_MS = 100;
    const own = await RedisServer.start();
    const client = await openRedis({
      url: own.url,
      // As the gateway does: a trip waits for the one before it.
      commandTimeoutMs: BOUND_MS / 2,
      whenAway: 'fail',
      onError: () => undefined,
    });
    const ada = { user: 'ada', tenant: 'acme', tier: 'free' } as const;
    const shared = new RedisRateLimiter(client);
    const open = new GuardedRateLimiter(shared, { policy: 'failOpen', own: admitAll }, Date.now, () => undefined);
    const closed = new GuardedRateLimiter(shared, { policy: 'failClosed' }, Date.now, () => undefined);
    try {
      expect(await open.admit(ada, 1)).toMatchObject({ admitted: true, reserved: 1 });
      await leave(own);
      const askedAt = performance.now();
      const first = open.admit(ada, 1);
      await nextTurn(); // the first is sent, or has failed
      const answers = await Promise.allSettled([first, closed.admit(ada, 1)]);
      expect(answers).toMatchObject([{ value: { reserved: -1 } }, { reason: { status: 503 } }]);
      // And what a busy machine adds.
      expect(performance.now() - askedAt).toBeLessThan(BOUND_MS + 200);
      await comeBack(own);
      await until('the shared limits decide again', async () => {
        const answer = await open.admit(ada, 1);
        return answer.admitted && answer.reserved === 1;
      });
    } finally {
      client.disconnect();
      await own.stop();
    }
  });
});

/** What is kept of a user of whose two requests the older has left the window: the list is asked for the other's time. */
function stateOfOldWindow(): Buffer {
  const now = Date.now();
  return Buffer.from(Float64Array.of(now, now, now - 2 * tiers.free.windowSeconds * 1000, 2, 0, now).buffer);
}

/** Tells itself by a reservation that nobody asked for. */
const admitAll: RateLimiter = {
  admit: async () => ({ admitted: true, reserved: -1, limits: {} as LimitStandings }),
  settle: async () => undefined,
};

async function redisMs(): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

interface AskedByProcess {
  readonly tokens: number;
  /** @default Redis's own clock */
  readonly now?: number;
}

async function admittedByProcess(
  id: string,
  spec: TierSpec,
  { tokens, now }: AskedByProcess,
  times: number,
): Promise<number> {
  const script = fileURLToPath(new URL('admit-process.ts', import.meta.url));
  const asked = [server.url, id, JSON.stringify(spec), String(tokens), String(times), String(now ?? '')];
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) printed += String(chunk);
  return Number(printed);
}
