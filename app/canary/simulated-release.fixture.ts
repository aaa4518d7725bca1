import type { CanaryPolicy } from './canary-policy.js';
import { decide } from './decide.js';
import { beginRelease, type ReleaseState, stepAt } from './release-state.js';
import { drawHits } from './seeded-random.fixture.js';

/** A canary as it truly is. */
export interface TrueCanary {
  readonly errorRatio: number;
  /** Share of its requests that are slower than the limit. */
  readonly slowRatio: number;
  /** Of the worst that an answer can be by the business metric, in the mean; each is all of it or nothing, where bounds are tightest. @default 0 */
  readonly businessRatio?: number;
  /** First step at which it is so; before it is without fault. @default 0 */
  readonly fromStep?: number;
}

/** One minute, or whatever the policy's check is, of a canary. */
export interface SimulatedLook {
  readonly requests: number;
  readonly errors: number;
}

export interface SimulatedEnd {
  readonly verdict: 'promoted' | 'rollback';
  readonly step: number;
  readonly seconds: number;
  /** The canary's requests in the step in which it ended, */
  readonly requests: number;
  /** and all that it saw, look by look. */
  readonly looks: readonly SimulatedLook[];
}

/** Runs a release to its end, on even traffic: the same number of requests each minute, failing and slow by chance. */
export function simulateRelease(
  requestsPerSecond: number,
  canary: TrueCanary,
  policy: CanaryPolicy,
  random: () => number,
): SimulatedEnd {
  let state = beginRelease(0);
  let nowMs = 0;
  const looks: SimulatedLook[] = [];
  while (state.ended === null) {
    const { percent, mirrorPercent } = stepAt(state, policy);
    const requests = Math.round((requestsPerSecond * policy.checkSeconds * (percent + mirrorPercent)) / 100);
    const {
      errorRatio,
      slowRatio,
      businessRatio = 0,
    }: TrueCanary = state.step < (canary.fromStep ?? 0) ? FAULTLESS : canary;
    const errors = drawHits(requests, errorRatio, random);
    const slowRequests = drawHits(requests, slowRatio, random);
    const business = {
      answers: requests,
      total: businessTotal(drawHits(requests, businessRatio, random), requests, policy),
    };
    nowMs += policy.checkSeconds * 1000;
    looks.push({ requests, errors });
    state = decide(
      state,
      { requests, errors, latency: { baselineSeconds: 1, slowRequests }, business },
      nowMs,
      policy,
    ).state;
  }
  return endOf(state, state.ended.verdict, nowMs / 1000, looks);
}

/** What the counter of values shows of so many of the worst answers. */
function businessTotal(worst: number, answers: number, { businessMetric: metric }: CanaryPolicy): number {
  return metric ? metric.largest * (metric.harm === 'increase' ? worst : answers - worst) : 0;
}

const FAULTLESS = { errorRatio: 1e-9, slowRatio: 1e-9 };

function endOf(
  { step, failed }: ReleaseState,
  verdict: SimulatedEnd['verdict'],
  seconds: number,
  looks: readonly SimulatedLook[],
): SimulatedEnd {
  return { verdict, step, seconds, requests: failed.trials, looks };
}
