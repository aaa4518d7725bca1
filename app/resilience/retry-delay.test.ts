import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryDelayMs } from './retry-delay.js';

const policy = { attempts: 10, initialDelayMs: 200, maxDelayMs: 5000 };

it('doubles the ceiling of the delay with each attempt, up to the maximum', () => {
  const almostOne = () => 1 - Number.EPSILON;
  const delays = [1, 2, 3, 4, 5, 6, 9].map((attempt) =>
    retryDelayMs(attempt, { kind: 'server', message: '' }, policy, almostOne),
  );
  expect(delays.map((delay) => Math.round(delay ?? 0))).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
});

it('spreads callers over the whole delay', () => {
  expect(retryDelayMs(1, { kind: 'server', message: '' }, policy, () => 0)).toBe(0);
});

it('never tries sooner than the server asks, nor waits for much longer', () => {
  const asked = fc.integer({ min: 0, max: policy.maxDelayMs });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), asked, chance, (attempt, retryAfterMs, random) => {
      const delay = retryDelayMs(attempt, { kind: 'rate-limited', message: '', retryAfterMs }, policy, () => random);
      expect(delay).toBeGreaterThanOrEqual(retryAfterMs);
      expect(delay).toBeLessThanOrEqual(retryAfterMs + policy.maxDelayMs);
    }),
  );
});

it('stops when the attempts are spent, the failure will not pass, or the wait is not worth it', () => {
  const half = () => 0.5;
  expect(retryDelayMs(10, { kind: 'server', message: '' }, policy, half)).toBeNull();
  expect(retryDelayMs(1, { kind: 'rejected', message: '' }, policy, half)).toBeNull();
  expect(retryDelayMs(1, { kind: 'rate-limited', message: '', retryAfterMs: 5001 }, policy, half)).toBeNull();
});
