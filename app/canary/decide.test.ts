import { describe, expect, it } from '@jest/globals';
import { canaryPolicy as policy } from '../../contract/index.js';
import type { Sample } from './canary-metrics.js';
import { decide } from './decide.js';
import { beginRelease, beginStep, canaryPercent, type ReleaseState } from './release-state.js';

const START = Date.UTC(2026, 0, 1);
const begun = beginRelease(START);
const afterStep = START + policy.stepSeconds * 1000;
const healthy: Sample = { requests: 600, errors: 3, latency: { baselineSeconds: 0.8, slowRequests: 0 } };
const lastStep: ReleaseState = { ...begun, ...beginStep(policy.stepPercents.length - 1, START) };

const look = (sample: Sample | null, nowMs = afterStep, state = begun) => decide(state, sample, nowMs, policy);

describe('a canary that does as well as the stable pods', () => {
  it('advances once its time at the step is over and it had enough requests', () => {
    const { verdict, reason, state } = look(healthy);
    expect([verdict, reason]).toEqual(['advance', '600 requests at 5 % showed nothing against v2: on to 15 %.']);
    expect(canaryPercent(state, policy)).toBe(15);
  });

  it('waits for approval of each step where the policy wants that, and takes it for that step only', () => {
    const manual = { ...policy, approval: 'manual' } as const;
    const { verdict, reason, state } = decide(begun, healthy, afterStep, manual);
    expect([verdict, reason]).toEqual(['hold', 'waits for approval at 5 %, for nothing is against it.']);
    expect(decide({ ...state, approvedStep: 0 }, healthy, afterStep, manual).verdict).toBe('advance');
    expect(decide({ ...state, step: 1, approvedStep: 0 }, healthy, afterStep, manual).verdict).toBe('hold');
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
    expect(canaryPercent(state, policy)).toBe(100);
    const terrible = { requests: 600, errors: 600, latency: null };
    expect(look(terrible, afterStep + 1, state)).toEqual({ verdict, reason, state });
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
    expect([verdict, canaryPercent(state, policy)]).toEqual(['rollback', 0]);
  });

  it('never advances, not even when everything before was well and the time is over', () => {
    const almost = look(healthy, afterStep - 1).state;
    expect(look(null, afterStep + 1, almost).verdict).toBe('hold');
  });
});

describe('a canary that does worse', () => {
  it('rolls back when its share of errors is proven to be above the threshold, before the minimum of requests', () => {
    const { verdict, reason, state } = look({ requests: 100, errors: 20, latency: null }, START + 60_000);
    expect([verdict, canaryPercent(state, policy)]).toEqual(['rollback', 0]);
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
    expect(look(healthy, afterStep, state)).toEqual({ verdict, reason, state });
  });
});

it('refuses a step that the policy does not have', () => {
  expect(() => canaryPercent({ ...begun, step: 5 }, policy)).toThrow("Step 5 is not one of the policy's 5 steps");
});
