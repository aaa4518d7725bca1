import { describe, expect, it } from '@jest/globals';
import { canaryPolicy as policy } from '../../contract/index.js';
import type { Sample } from './canary-metrics.js';
import type { CanaryPolicy } from './canary-policy.js';
import { decide } from './decide.js';
import { beginRelease, beginStep, type ReleaseState, stepAt } from './release-state.js';
import { rollbackAlpha } from './rules.js';

const START = Date.UTC(2026, 0, 1);
const begun = beginRelease(START);
const afterStep = START + policy.stepSeconds * 1000;
const healthy: Sample = { requests: 600, errors: 3, latency: { baselineSeconds: 0.8, slowRequests: 0 } };
const lastStep: ReleaseState = { ...begun, ...beginStep(policy.stepPercents.length - 1, START) };

const look = (sample: Sample | null, nowMs = afterStep, state = begun, by: CanaryPolicy = policy) =>
  // Measurements adjoin: what is measured was so for the last minute.
  decide(sample === null ? state : { ...state, measuredAtMs: nowMs - 60_000 }, sample, nowMs, by);
const percentAt = (state: ReleaseState) => stepAt(state, policy).percent;

describe('a canary that does as well as the stable pods', () => {
  it('advances once its time at the step is over and it had enough requests', () => {
    const { verdict, reason, state } = look(healthy);
    expect([verdict, reason]).toEqual(['advance', '600 requests at 5 % showed nothing against v2: on to 15 %.']);
    expect(percentAt(state)).toBe(15);
  });

  it('waits for approval of each step where the policy wants that, and takes it for that step only', () => {
    const manual = { ...policy, approval: 'manual' } as const;
    const { verdict, reason, state } = look(healthy, afterStep, begun, manual);
    expect([verdict, reason]).toEqual(['hold', 'waits for approval at 5 %, for nothing is against it.']);
    expect(look(healthy, afterStep, { ...state, approvedStep: 0 }, manual).verdict).toBe('advance');
    expect(look(healthy, afterStep, { ...state, step: 1, approvedStep: 0 }, manual).verdict).toBe('hold');
  });

  it('counts anew in the next step', () => {
    expect(look(healthy).state).toMatchObject({
      stepStartedAtMs: afterStep,
      failed: { trials: 0, hits: 0 },
      slow: { trials: 0, hits: 0 },
    });
  });

  it('holds until its time at the step is over', () => {
    expect(look(healthy, afterStep - 1)).toMatchObject({ verdict: 'hold', reason: '1800 of 1800 s at 5 %.' });
  });

  it('is promoted at the end of the last step, and stays so', () => {
    const { verdict, reason, state } = look(healthy, afterStep, lastStep);
    expect([verdict, reason]).toEqual([
      'promoted',
      '600 requests at 100 % showed nothing against v2: it takes all traffic.',
    ]);
    expect(percentAt(state)).toBe(100);
    const terrible = { requests: 600, errors: 600, latency: null };
    expect(decide(state, terrible, afterStep + 1, policy)).toEqual({ verdict, reason, state });
  });
});

describe('too little data', () => {
  it('never advances without a request', () => {
    const none = { requests: 0, errors: 0, latency: null };
    expect(look(none, START + policy.maxIdleSeconds * 1000)).toMatchObject({
      verdict: 'hold',
      reason: 'no requests on v2.',
    });
  });

  it('never advances on fewer requests than the minimum, which add up from look to look', () => {
    const few = { requests: 300, errors: 0, latency: { baselineSeconds: 1, slowRequests: 0 } };
    const first = look(few);
    expect(first).toMatchObject({ verdict: 'hold', reason: '300 of 500 requests on v2 at 5 %.' });
    expect(look(few, afterStep + 60_000, first.state).verdict).toBe('advance');
  });

  it('never advances where no stable p99 was known to compare with', () => {
    const { verdict, reason } = look({ ...healthy, latency: null });
    expect([verdict, reason]).toEqual([
      'hold',
      '0 of 500 requests at 5 % could be compared with the latency of v1: it has too little traffic.',
    ]);
  });

  it('never advances while it is not proven that less than twice a threshold fails or is slow', () => {
    const slow = look({ ...healthy, latency: { baselineSeconds: 1, slowRequests: 6 } });
    expect([slow.verdict, slow.reason]).toEqual([
      'hold',
      '600 requests do not prove yet that fewer than 2.0 % of those on v2 are slow, at 5 %.',
    ]);
    expect(look({ ...healthy, errors: 40 }).reason).toMatch(/fewer than 10\.0 % of those on v2 fail, at 5 %/);
  });

  it('rolls back when nobody asks the canary for longer than the bound, however little it was asked before', () => {
    const bound = policy.maxIdleSeconds * 1000;
    const none = { requests: 0, errors: 0, latency: null };
    const { state } = look({ ...none, requests: 1 }, START + 60_000);
    expect(look(none, START + 60_000 + bound, state).verdict).toBe('hold');
    expect(look(none, START + 60_001 + bound, state)).toMatchObject({
      verdict: 'rollback',
      reason: 'no requests on v2 for 21600 s (at most 21600 s).',
    });
  });

  it('remembers the last stable p99, for when no traffic is left to measure it by', () => {
    const { state } = look(healthy, START + 60_000);
    expect(look({ ...healthy, latency: null }, START + 120_000, state).state.baselineSeconds).toBe(0.8);
  });
});

describe('no data', () => {
  const bound = policy.maxBlindSeconds * 1000;

  it('holds, and forgets nothing of what was known', () => {
    const known = look(healthy, START + 60_000).state;
    const reason = 'no data on v2 for 60 s (at most 900 s).';
    expect(look(null, START + 120_000, known)).toEqual({ verdict: 'hold', reason, state: known });
  });

  it('rolls back when it lasts longer than the bound', () => {
    expect(look(null, START + bound).verdict).toBe('hold');
    const { verdict, state } = look(null, START + bound + 1);
    expect([verdict, percentAt(state)]).toEqual(['rollback', 0]);
  });

  it('never advances, not even when everything before was well and the time is over', () => {
    const almost = look(healthy, afterStep - 1).state;
    expect(look(null, afterStep + 1, almost).verdict).toBe('hold');
  });
});

describe('a canary that nobody could look at', () => {
  const late = (policy.checkSeconds + policy.maxBlindSeconds) * 1000;

  it('goes on by all that was measured meanwhile, up to the bound', () => {
    expect(decide(begun, healthy, START + late, policy).verdict).toBe('hold');
  });

  it('is rolled back beyond it, whatever was measured: it might have done harm, and nobody could have taken it back', () => {
    expect(decide(begun, healthy, START + late + 1, policy)).toMatchObject({
      verdict: 'rollback',
      reason: 'v2 was not judged for 900 s after it was due (at most 900 s).',
    });
  });
});

describe('a mirrored step', () => {
  const mirrored = { ...policy, mirrorPercent: 20 };

  it('comes before the first share, is judged like any other, and sends no user to the canary', () => {
    expect(stepAt(begun, mirrored)).toEqual({ percent: 0, mirrorPercent: 20 });
    const { verdict, reason, state } = look(healthy, afterStep, begun, mirrored);
    expect([verdict, reason]).toEqual([
      'advance',
      '600 requests at 20 % mirrored showed nothing against v2: on to 5 %.',
    ]);
    expect(stepAt(state, mirrored)).toEqual({ percent: 5, mirrorPercent: 0 });
    const broken = look({ requests: 100, errors: 20, latency: null }, START + 60_000, begun, mirrored);
    expect(broken.verdict).toBe('rollback');
  });

  it('is one more step over which the error is divided', () => {
    expect(rollbackAlpha(policy) / rollbackAlpha(mirrored)).toBeCloseTo(6 / 5, 12);
  });
});

describe('a business metric', () => {
  const cost = {
    values: 'llm_cost_dollars_total',
    answers: 'llm_answers_total',
    harm: 'increase',
    limit: 0.02,
    largest: 0.1,
  } as const;
  const score = { ...cost, values: 'answer_score_total', harm: 'decrease', limit: 0.7, largest: 1 } as const;
  const judged = (sample: Sample, businessMetric: CanaryPolicy['businessMetric'], nowMs = afterStep) =>
    look(sample, nowMs, begun, { ...policy, businessMetric });

  it('is one more rule over which the error is divided', () => {
    expect(rollbackAlpha(policy) / rollbackAlpha({ ...policy, businessMetric: cost })).toBeCloseTo(3 / 2, 12);
  });

  it.each([
    [
      'costs',
      cost,
      60,
      /^v2 has too much llm_cost_dollars_total an answer: 0\.06 in the mean of 1000 answers in this step, at least 0\.05\d*, the limit is 0\.02\.$/,
    ],
    [
      'scores',
      score,
      400,
      /^v2 has too little answer_score_total an answer: 0\.4 in the mean of 1000 answers in this step, at most 0\.4\d*, the limit is 0\.7\.$/,
    ],
  ])('takes a canary back that %s worse than the limit', (_what, metric, total, expected) => {
    const { verdict, reason } = judged({ ...healthy, business: { answers: 1_000, total } }, metric, START + 60_000);
    expect(verdict).toBe('rollback');
    expect(reason).toMatch(expected);
  });

  it.each([
    ['costs', cost, 10],
    ['scores', score, 850],
  ])('lets one pass that %s well within it', (_what, metric, total) => {
    expect(judged({ ...healthy, business: { answers: 1_000, total } }, metric).verdict).toBe('advance');
  });

  it('holds while there are too few answers, or they prove too little', () => {
    const few = judged({ ...healthy, business: { answers: 30, total: 0.3 } }, cost);
    expect([few.verdict, few.reason]).toEqual(['hold', '30 of 500 answers with llm_cost_dollars_total on v2 at 5 %.']);
    const near = judged({ ...healthy, business: { answers: 600, total: 600 * 0.026 } }, { ...cost, largest: 1 });
    expect([near.verdict, near.reason]).toEqual([
      'hold',
      '600 answers do not prove yet that v2 has less than 0.04 llm_cost_dollars_total an answer, at 5 %.',
    ]);
  });
});

describe('a canary that does worse', () => {
  it('rolls back when its share of errors is proven to be above the threshold, before the minimum of requests', () => {
    const { verdict, reason, state } = look({ requests: 100, errors: 20, latency: null }, START + 60_000);
    expect([verdict, percentAt(state)]).toEqual(['rollback', 0]);
    expect(reason).toMatch(
      /^v2 fails too often: 20 of 100 requests in this step, at least \d\.\d %, allowed are 5\.0 %\.$/,
    );
  });

  it('rolls back when its share of slow requests is proven to be above that of the quantile', () => {
    const { verdict, reason } = look({ ...healthy, latency: { baselineSeconds: 1, slowRequests: 30 } }, START + 60_000);
    expect(verdict).toBe('rollback');
    expect(reason).toMatch(/^v2 is slower than 1\.5 x the p99 of v1 too often: 30 of 600 .*allowed are 1\.0 %\.$/);
  });

  it('is not rolled back on a raw ratio above the threshold that few requests show by chance', () => {
    expect(
      look({ requests: 10, errors: 1, latency: { baselineSeconds: 1, slowRequests: 1 } }, START + 60_000).verdict,
    ).toBe('hold');
  });

  it('is judged by all requests of the step, however thin each look', () => {
    let state = begun;
    const thin = { requests: 5, errors: 1, latency: null };
    const verdicts = Array.from({ length: 25 }, (_, minute) => {
      const decision = look(thin, START + minute * 60_000, state);
      state = decision.state;
      return decision.verdict;
    });
    expect([verdicts[0], verdicts.at(-1)]).toEqual(['hold', 'rollback']);
  });

  it('is found out at once in a later step, whatever it did well before', () => {
    const well = { requests: 100_000, errors: 100, latency: { baselineSeconds: 1, slowRequests: 100 } };
    const { state } = look(well);
    expect(look({ requests: 100, errors: 20, latency: null }, afterStep + 60_000, state).verdict).toBe('rollback');
  });

  it('stays rolled back, with its reason', () => {
    const { verdict, reason, state } = look({ requests: 100, errors: 50, latency: null }, START + 60_000);
    expect(decide(state, healthy, afterStep, policy)).toEqual({ verdict, reason, state });
  });
});

it('refuses a step that the policy does not have', () => {
  expect(() => percentAt({ ...begun, step: 5 })).toThrow("Step 5 is not one of the policy's 5 steps");
});
