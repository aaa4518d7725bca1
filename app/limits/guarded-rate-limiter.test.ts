import { describe, expect, it } from '@jest/globals';
import { tiers } from '../../contract/index.js';
import { MemoryRateLimiter } from '../adapters/memory/memory-rate-limiter.js';
import type { Clock } from '../runtime/clock.js';
import type { Identity } from '../runtime/identity.js';
import { GuardedRateLimiter, type WhenLimitsAreAway } from './guarded-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'free' };
const lost = new Error('connection lost');
const away: RateLimiter = { admit: () => Promise.reject(lost), settle: () => Promise.reject(lost) };
const { requestsPerWindow, tokensPerMinute } = tiers.free;

function guard(shared: RateLimiter, whenAway: WhenLimitsAreAway, clock: Clock = () => 0) {
  const errors: unknown[] = [];
  return { errors, limiter: new GuardedRateLimiter(shared, whenAway, clock, (error) => errors.push(error)) };
}

/** Shared limits that are away when the test says so. */
function leavingLimits(leaving: { isAway: boolean }): RateLimiter {
  const shared = new MemoryRateLimiter(() => 0);
  return {
    admit: (who, tokens) => (leaving.isAway ? away : shared).admit(who, tokens),
    settle: (...settled) => shared.settle(...settled),
  };
}

async function admittedOf(limiter: RateLimiter, times: number): Promise<number> {
  let admitted = 0;
  for (let i = 0; i < times; i += 1) if ((await limiter.admit(ada, 0)).admitted) admitted += 1;
  return admitted;
}

describe('limits whose store is away', () => {
  it('are kept by each replica itself when they fail open', async () => {
    const { errors, limiter } = guard(away, { policy: 'failOpen', own: new MemoryRateLimiter(() => 0) });
    expect(await admittedOf(limiter, 3 * requestsPerWindow)).toBe(requestsPerWindow);
    expect(errors).toEqual([new Error('connection lost')]);
  });

  it('admit beside what they had admitted no more than each of n replicas its own limit', async () => {
    const leaving = { isAway: false };
    const shared = leavingLimits(leaving);
    const replicas = Array.from(
      { length: 4 },
      () => guard(shared, { policy: 'failOpen', own: new MemoryRateLimiter(() => 0) }).limiter,
    );
    const admittedByAll = async () => {
      const counts = await Promise.all(replicas.map((replica) => admittedOf(replica, 2 * requestsPerWindow)));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    expect(await admittedByAll()).toBe(requestsPerWindow);
    leaving.isAway = true;
    expect(await admittedByAll()).toBe(4 * requestsPerWindow);
    leaving.isAway = false;
    expect(await admittedByAll()).toBe(0);
  });

  it('are told of once when they go, and once when they have answered for ten seconds, though some requests fail', async () => {
    const leaving = { isAway: false };
    let now = 0;
    const own = new MemoryRateLimiter(() => 0);
    const { errors, limiter } = guard(leavingLimits(leaving), { policy: 'failOpen', own }, () => now);
    const askThrough = async (times: readonly (readonly [ms: number, isAway: boolean])[]) => {
      for (const [ms, isAway] of times) {
        [now, leaving.isAway] = [ms, isAway];
        await limiter.admit(ada, 0);
      }
      return errors.splice(0);
    };
    const flaps = Array.from({ length: 50 }, (_, i) => [i * 1_000, i % 2 === 0] as const);
    expect(await askThrough(flaps)).toEqual([lost]);
    expect(
      await askThrough([
        [57_999, false],
        [58_000, false],
        [58_001, false],
      ]),
    ).toEqual([undefined]);
    expect(
      await askThrough([
        [58_002, true],
        [58_003, true],
      ]),
    ).toEqual([lost]);
  });

  it('admit nobody when they fail closed, and say when to come back', async () => {
    const { limiter } = guard(away, { policy: 'failClosed' });
    await expect(limiter.admit(ada, 0)).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('are settled where they were decided, though the shared ones be back by then', async () => {
    const leaving = { isAway: true };
    const own = new MemoryRateLimiter(() => 0);
    const { limiter } = guard(leavingLimits(leaving), { policy: 'failOpen', own });
    const admission = await limiter.admit(ada, tokensPerMinute);
    if (!admission.admitted) throw new Error('was refused');
    leaving.isAway = false;
    expect(await limiter.admit(ada, 1_000)).toMatchObject({ admitted: true });
    await limiter.settle(ada, admission, 0);
    expect(await limiter.admit(ada, 0)).toMatchObject({ limits: { tokens: { remaining: tokensPerMinute - 1_000 } } });
    leaving.isAway = true;
    expect(await limiter.admit(ada, tokensPerMinute)).toMatchObject({ admitted: true });
  });

  it('keep a reservation that cannot be settled, and do not fail the request for it', async () => {
    const own = new MemoryRateLimiter(() => 0);
    const { errors, limiter } = guard(
      { admit: (who, tokens) => own.admit(who, tokens), settle: away.settle },
      { policy: 'failClosed' },
    );
    const admission = await limiter.admit(ada, 1_000);
    if (!admission.admitted) throw new Error('was refused');
    await limiter.settle(ada, admission, 0);
    expect(errors).toEqual([lost]);
    expect(await limiter.admit(ada, 0)).toMatchObject({ limits: { tokens: { remaining: tokensPerMinute - 1_000 } } });
  });

  it('are the shared ones as long as they answer', async () => {
    const { errors, limiter } = guard(new MemoryRateLimiter(() => 0), { policy: 'failClosed' });
    expect(await admittedOf(limiter, 3 * requestsPerWindow)).toBe(requestsPerWindow);
    expect(errors).toEqual([]);
  });
});
