import { expect, it } from '@jest/globals';
import { tiers } from '../../../contract/index.js';
import { describeRateLimiter } from '../../limits/rate-limiter.conformance.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';

const START = Date.UTC(2026, 0, 1);

describeRateLimiter('the memory adapter', async () => {
  let now = START;
  return {
    limiter: new MemoryRateLimiter(() => now),
    advance: (ms) => {
      now += ms;
    },
  };
});

it('forgets users who were idle for a whole window', async () => {
  let now = START;
  const limiter = new MemoryRateLimiter(() => now);
  for (let i = 0; i < 100; i++) await limiter.admit({ user: `u${i}`, tenant: 'acme', tier: 'free' }, 0);
  expect(limiter.size).toBe(100);
  now += 60_000;
  await limiter.admit({ user: 'ada', tenant: 'acme', tier: 'free' }, 0);
  expect(limiter.size).toBe(1);
});

it('holds no more users than its bound, and keeps those seen last', async () => {
  const limiter = new MemoryRateLimiter(() => START, 2);
  const admit = (user: string) => limiter.admit({ user, tenant: 'acme', tier: 'free' }, 0);
  await admit('a');
  await admit('b');
  await admit('a');
  await admit('c');
  expect(limiter.size).toBe(2);
  expect(await admit('a')).toMatchObject({ limits: { window: { remaining: 7 } } });
});

it('remembers a user who owes tokens for as long as that takes', async () => {
  let now = START;
  const limiter = new MemoryRateLimiter(() => now);
  const ada = { user: 'ada', tenant: 'acme', tier: 'free' } as const;
  const admission = await limiter.admit(ada, 1);
  if (!admission.admitted) throw new Error('was refused');
  await limiter.settle(ada, admission, 3 * tiers.free.tokensPerMinute);
  now += 61_000;
  expect(await limiter.admit(ada, 1)).toMatchObject({ admitted: false, by: 'tokens', resetAfterSeconds: 60 });
});
