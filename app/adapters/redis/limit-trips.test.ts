import { expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { until } from '../../../test/support/until.js';
import { LimitTrips, type Step } from './limit-trips.js';

const STEP: Step = [false, 1_000, 60_000, 10, 5, 1_000, 5];

/** A connection to a Redis that hangs: what was sent fails when its time is over, which the test says. */
function hangingRedis() {
  const sent: { readonly steps: number; readonly timeOut: () => void }[] = [];
  const redis = {
    defineCommand: () => undefined,
    armatureLimits: (keys: number) =>
      new Promise((_, reject) => sent.push({ steps: keys / 2, timeOut: () => reject(new Error('Command timed out')) })),
  };
  return { redis: redis as unknown as Redis, sent };
}

it('has nobody wait for more than the trip under way and the next, however many come while Redis hangs', async () => {
  const { redis, sent } = hangingRedis();
  const trips = new LimitTrips(redis);
  let failed = 0;
  const take = (user: number) => trips.take(`user ${user}`, STEP).catch(() => (failed += 1));
  const first = take(0);
  await until('the first is under way', () => sent.length === 1);
  const others = Array.from({ length: 1_000 }, (_, i) => take(i + 1));
  sent[0]?.timeOut();
  await first;
  await until('all others are under way', () => sent.reduce((sum, { steps }) => sum + steps, 0) === 1_001);
  expect(sent.every(({ steps }) => steps <= 128)).toBe(true);
  for (const { timeOut } of sent) timeOut();
  await Promise.all(others);
  expect(failed).toBe(1_001);
});
