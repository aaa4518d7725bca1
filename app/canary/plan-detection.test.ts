import { expect, it } from '@jest/globals';
import { canaryReleasePolicy } from '../../contract/index.js';
import { planDetection } from './plan-detection.js';
import { seededRandom } from './seeded-random.fixture.js';
import { simulateRelease } from './simulated-release.fixture.js';

const policy = canaryReleasePolicy.parse({});

it('tells of each step how long it takes at its share of the traffic', () => {
  const plan = planDetection(10, 0.15, policy);
  expect(plan.map(({ step, requestsPerMinute }) => [step.percent, requestsPerMinute])).toEqual([
    [5, 30],
    [15, 90],
    [30, 180],
    [50, 300],
    [100, 600],
  ]);
  expect(plan.map(({ passSeconds }) => passSeconds)).toEqual([1800, 1800, 1800, 1800, 1800]);
  const [mirrored] = planDetection(10, 0.15, { ...policy, mirrorPercent: 20 });
  expect(mirrored).toMatchObject({ step: { percent: 0, mirrorPercent: 20 }, requestsPerMinute: 120 });
  expect(planDetection(1, 0.15, policy)[0]?.passSeconds).toBeGreaterThan(5 * 1800);
});

it.each([
  [1, 0.25],
  [10, 0.15],
])('at %d requests/s finds %d errors as late as releases are taken back in fact, by a third', (traffic, errorRatio) => {
  const random = seededRandom(7);
  const judged = { ...policy, stableVersion: 'v1', canaryVersion: 'v2' };
  const ends = Array.from({ length: 100 }, () =>
    simulateRelease(traffic, { errorRatio, slowRatio: 0.001 }, judged, random),
  );
  const mean = ends.reduce((sum, { seconds }) => sum + seconds, 0) / ends.length;
  const [first] = planDetection(traffic, errorRatio, policy);
  expect((first?.rollbackSeconds ?? 0) / mean).toBeGreaterThan(2 / 3);
  expect((first?.rollbackSeconds ?? 0) / mean).toBeLessThan(3 / 2);
});
