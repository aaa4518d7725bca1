import { expect, it } from '@jest/globals';
import { canaryPolicy as policy } from '../../contract/index.js';
import { seededRandom } from './seeded-random.fixture.js';
import { simulateRelease, type TrueCanary } from './simulated-release.fixture.js';

/** The full run, over 2,000 releases at each traffic, is `bench/canary.ts`. */
function simulate(count: number, requestsPerSecond: number, canary: TrueCanary) {
  const random = seededRandom(requestsPerSecond);
  return Array.from({ length: count }, () => simulateRelease(requestsPerSecond, canary, policy, random));
}

const share = (ends: ReturnType<typeof simulate>, wanted: string) =>
  ends.filter(({ verdict }) => verdict === wanted).length / ends.length;

it.each([1, 10])('rolls back no healthy canary of 100, at %d requests/s', (requestsPerSecond) => {
  // At a true rate of 1 % more than 5 of 100 have a chance of 1 in 2,000.
  const ends = simulate(100, requestsPerSecond, { errorRatio: 0.01, slowRatio: 0.005 });
  expect(share(ends, 'rollback')).toBe(0);
});

it('keeps the rate even where errors are exactly at their threshold too', () => {
  const ends = simulate(60, 10, { errorRatio: policy.maxErrorRatio, slowRatio: 0.01 });
  expect(share(ends, 'rollback')).toBeLessThan(0.05);
});

it.each([
  ['fails', { errorRatio: policy.harmfulMultiple * policy.maxErrorRatio, slowRatio: 0.001 }],
  ['is slow', { errorRatio: 0.001, slowRatio: policy.harmfulMultiple * (1 - policy.baseline.quantile) }],
])('promotes hardly any canary that %s from its last step on', (_what, harmful) => {
  const ends = simulate(60, 1, { ...harmful, fromStep: policy.stepPercents.length - 1 });
  expect(share(ends, 'promoted')).toBeLessThan(0.05);
});

it('rolls back every canary with 20 % errors within its first step, at 10 requests/s', () => {
  const ends = simulate(50, 10, { errorRatio: 0.2, slowRatio: 0.001 });
  expect(ends.filter(({ verdict, step }) => verdict === 'rollback' && step === 0)).toHaveLength(50);
  expect(Math.max(...ends.map(({ seconds }) => seconds))).toBeLessThan(policy.stepSeconds);
});

it('rolls back every canary of which one request in ten is slow within its first step, at 10 requests/s', () => {
  const ends = simulate(50, 10, { errorRatio: 0.01, slowRatio: 0.1 });
  expect(ends.filter(({ verdict, step }) => verdict === 'rollback' && step === 0)).toHaveLength(50);
});
