import { describe, expect, it } from '@jest/globals';
import { canaryReleasePolicy } from '../../contract/index.js';
import { businessTally } from './business-metric.js';
import { planDetection } from './plan-detection.js';
import { isBeyond } from './proportion-evidence.js';
import { rollbackAlpha } from './rules.js';
import { seededRandom } from './seeded-random.fixture.js';
import { simulateRelease } from './simulated-release.fixture.js';

const policy = canaryReleasePolicy.parse({});

it('tells of each step how long it takes at its share of the traffic', () => {
  const plan = planDetection({ requestsPerSecond: 10 }, { errorRatio: 0.15 }, policy);
  expect(plan.map(({ step, requestsPerMinute }) => [step.percent, requestsPerMinute])).toEqual([
    [5, 30],
    [15, 90],
    [30, 180],
    [50, 300],
    [100, 600],
  ]);
  expect(plan.map(({ passSeconds }) => passSeconds)).toEqual([1800, 1800, 1800, 1800, 1800]);
  const [mirrored] = planDetection({ requestsPerSecond: 10 }, { errorRatio: 0.15 }, { ...policy, mirrorPercent: 20 });
  expect(mirrored).toMatchObject({ step: { percent: 0, mirrorPercent: 20 }, requestsPerMinute: 120 });
  const [slowly] = planDetection({ requestsPerSecond: 1 }, { errorRatio: 0.15 }, policy);
  expect(slowly?.passSeconds).toBeGreaterThan(5 * 1800);
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
  const [first] = planDetection({ requestsPerSecond: traffic }, { errorRatio }, policy);
  expect((first?.rollbackSeconds ?? 0) / mean).toBeGreaterThan(2 / 3);
  expect((first?.rollbackSeconds ?? 0) / mean).toBeLessThan(3 / 2);
});

it('says never of a regression so near to what is allowed that no bet gains by it', () => {
  const [first] = planDetection({ requestsPerSecond: 10 }, { errorRatio: 0.0501 }, policy);
  expect(first?.rollbackSeconds).toBe(Number.POSITIVE_INFINITY);
});

describe('of a business metric', () => {
  const metric = {
    values: 'answer_score_total',
    answers: 'scored_answers_total',
    harm: 'decrease',
    limit: 0.7,
  } as const;
  const scored = canaryReleasePolicy.parse({ businessMetric: metric });
  const traffic = { requestsPerSecond: 100, valuedRatio: 1, usualMean: 0.8 };
  const atFirst = (own: Partial<typeof traffic>, businessMean: number) =>
    planDetection({ ...traffic, ...own }, { businessMean }, scored)[0];

  it('needs as many values as the real bounds do', () => {
    // Found by the values of a twentieth of 100 requests/s: at their means, which the plan rests on, and at no fewer.
    const { rollbackSeconds = 0 } = atFirst({}, 0.4) ?? {};
    const alpha = rollbackAlpha(scored);
    const isFound = (answers: number) =>
      isBeyond(businessTally(answers, 0.4 * answers, { ...metric, largest: 1 }), 0.3, alpha);
    expect([isFound(5 * rollbackSeconds), isFound(5 * (rollbackSeconds - scored.checkSeconds))]).toEqual([true, false]);
  });

  it('needs longer the fewer answers have a value, and never passes one whose usual mean is harmful', () => {
    const [all, few] = [atFirst({}, 0.4), atFirst({ valuedRatio: 0.01 }, 0.4)];
    expect(few?.rollbackSeconds).toBeGreaterThan(10 * (all?.rollbackSeconds ?? 0));
    expect(few?.passSeconds).toBeGreaterThan(all?.passSeconds ?? 0);
    expect(atFirst({ usualMean: 0.4 }, 0.3)?.passSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds nothing where nothing is worse', () => {
    expect(atFirst({}, 0.7)?.rollbackSeconds).toBe(Number.POSITIVE_INFINITY);
  });
});
