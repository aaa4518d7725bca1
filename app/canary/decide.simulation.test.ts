import { expect, it } from '@jest/globals';
import { canaryPolicy as policy } from '../../contract/index.js';
import { decide } from './decide.js';
import { beginRelease, canaryPercent } from './release-state.js';
import { drawHits, seededRandom } from './seeded-random.fixture.js';

interface Canary {
  readonly errorRatio: number;
  /** Share of its requests that are slower than the limit. */
  readonly slowRatio: number;
}

/** Runs a release to its end, on even traffic: the same number of requests each minute. */
function runRelease(requestsPerSecond: number, canary: Canary, random: () => number) {
  let state = beginRelease(0);
  let nowMs = 0;
  while (state.ended === null) {
    const requests = Math.round((requestsPerSecond * policy.checkSeconds * canaryPercent(state, policy)) / 100);
    nowMs += policy.checkSeconds * 1000;
    const sample = {
      requests,
      errors: drawHits(requests, canary.errorRatio, random),
      latency: { baselineSeconds: 1, slowRequests: drawHits(requests, canary.slowRatio, random) },
    };
    state = decide(state, sample, nowMs, policy).state;
  }
  return { verdict: state.ended.verdict, step: state.step, seconds: nowMs / 1000 };
}

function runReleases(count: number, requestsPerSecond: number, canary: Canary) {
  const random = seededRandom(requestsPerSecond);
  return Array.from({ length: count }, () => runRelease(requestsPerSecond, canary, random));
}

it.each([1, 10])('rolls back fewer healthy canaries than the stated rate, at %d requests/s', (requestsPerSecond) => {
  const releases = 60;
  const ends = runReleases(releases, requestsPerSecond, { errorRatio: 0.01, slowRatio: 0.01 });
  const rolledBack = ends.filter(({ verdict }) => verdict === 'rollback').length;
  expect(rolledBack / releases).toBeLessThan(policy.falseRollbackRate);
});

it('keeps the rate even where errors are exactly at their threshold too', () => {
  const releases = 60;
  const ends = runReleases(releases, 10, { errorRatio: policy.maxErrorRatio, slowRatio: 0.01 });
  const rolledBack = ends.filter(({ verdict }) => verdict === 'rollback').length;
  expect(rolledBack / releases).toBeLessThan(policy.falseRollbackRate);
});

it('rolls back every canary with 20 % errors within its first step, at 10 requests/s', () => {
  const ends = runReleases(50, 10, { errorRatio: 0.2, slowRatio: 0.01 });
  expect(ends.filter(({ verdict, step }) => verdict === 'rollback' && step === 0)).toHaveLength(50);
  expect(Math.max(...ends.map(({ seconds }) => seconds))).toBeLessThan(policy.stepSeconds);
});

it('rolls back every canary of which one request in ten is slow within its first step, at 10 requests/s', () => {
  const ends = runReleases(50, 10, { errorRatio: 0.01, slowRatio: 0.1 });
  expect(ends.filter(({ verdict, step }) => verdict === 'rollback' && step === 0)).toHaveLength(50);
});
