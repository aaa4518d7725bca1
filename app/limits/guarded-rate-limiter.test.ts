import { describe, expect, it } from '@jest/globals';
import { tiers } from '../../contract/index.js';
import { MemoryRateLimiter } from '../adapters/memory/memory-rate-limiter.js';
import type { Identity } from '../runtime/identity.js';
import { GuardedRateLimiter, type WhenLimitsAreAway } from './guarded-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'free' };
const lost = new Error('connection lost');
const away: RateLimiter = { admit: () => Promise.reject(lost), settle: () => Promise.reject(lost) };
const { requestsPerWindow, tokensPerMinute } = tiers.free;

function guard(shared: RateLimiter, whenAway: WhenLimitsAreAway) {
  const errors: unknown[] = [];
  return { errors, limiter: new GuardedRateLimiter(shared, whenAway, (error) => errors.push(error)) };
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

  it('are told of when they go and when they come back, not at each request', async () => {
    let isAway = false;
    const own = new MemoryRateLimiter(() => 0);
    const shared: RateLimiter = {
      admit: (who, tokens) => (isAway ? away : own).admit(who, tokens),
      settle: (...settled) => own.settle(...settled),
    };
    const { errors, limiter } = guard(shared, { policy: 'failOpen', own });
    for (const next of [false, true, true, true, false, false, true]) {
      isAway = next;
      await limiter.admit(ada, 0);
    }
    expect(errors).toEqual([lost, undefined, lost]);
  });

  it('admit nobody when they fail closed, and say when to come back', async () => {
    const { limiter } = guard(away, { policy: 'failClosed' });
    await expect(limiter.admit(ada, 0)).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('are settled where they were decided, though the shared ones be back by then', async () => {
    let isAway = true;
    const shared = new MemoryRateLimiter(() => 0);
    const { limiter } = guard(
      {
        admit: (who, tokens) => (isAway ? away : shared).admit(who, tokens),
        settle: (...settled) => shared.settle(...settled),
      },
      { policy: 'failOpen', own: new MemoryRateLimiter(() => 0) },
    );
    const admission = await limiter.admit(ada, tokensPerMinute);
    if (!admission.admitted) throw new Error('was refused');
    isAway = false;
    expect(await limiter.admit(ada, 1_000)).toMatchObject({ admitted: true });
    await limiter.settle(ada, admission, 0);
    expect(await limiter.admit(ada, 0)).toMatchObject({ limits: { tokens: { remaining: tokensPerMinute - 1_000 } } });
    isAway = true;
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
