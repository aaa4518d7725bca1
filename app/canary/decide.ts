import type { Sample } from './canary-metrics.js';
import type { CanaryPolicy } from './canary-policy.js';
import { addTallies, isBelow, isBeyond, lowerBound, type Tally } from './proportion-evidence.js';
import { beginStep, canaryPercent, type ReleaseState, type Verdict } from './release-state.js';

export interface Decision {
  readonly verdict: Verdict;
  /** A sentence for whoever asks why. */
  readonly reason: string;
  readonly state: ReleaseState;
}

/** Proportions that are judged: failed and slow requests. */
const RULES = 2;

/**
 * What to do with a release after one more look. A threshold counts only when the canary's proportion is beyond it by a bound
 * that holds at every look; the policy's false rollback rate is divided over rules and steps, and so covers the whole release
 * (union bound). A step is passed only when every proportion is proven to be below what is harmful: a canary that is harmful by one
 * rule at one step must be cleared of just that, so the false promotion rate needs no division (intersection-union test; Berger,
 * Technometrics 24 (1982), 295-300). Without data, or with too little of it, a release never advances.
 *
 * @param sample what was measured since `state.measuredAtMs`; `null` without data
 * @param nowMs milliseconds since the epoch
 */
export function decide(state: ReleaseState, sample: Sample | null, nowMs: number, policy: CanaryPolicy): Decision {
  if (state.ended !== null) return { ...state.ended, state };
  if (sample === null) return decideBlind(state, nowMs, policy);
  const next = include(state, sample, nowMs);
  const harm = harmOf(next, policy);
  if (harm !== null) return end(next, 'rollback', harm);
  const idle = idleOf(next, nowMs, policy);
  if (idle !== null) return end(next, 'rollback', idle);
  const wait = waitOf(next, nowMs, policy) ?? gateOf(next, policy);
  if (wait !== null) return { verdict: 'hold', reason: wait, state: next };
  const percent = canaryPercent(next, policy);
  const done = `${next.failed.trials.toFixed(0)} requests at ${percent} % showed nothing against ${policy.canaryVersion}`;
  if (next.step === policy.stepPercents.length - 1) return end(next, 'promoted', `${done}: it takes all traffic.`);
  const advanced = { ...next, ...beginStep(next.step + 1, nowMs) };
  return { verdict: 'advance', reason: `${done}: on to ${canaryPercent(advanced, policy)} %.`, state: advanced };
}

function decideBlind(state: ReleaseState, nowMs: number, { maxBlindSeconds, canaryVersion }: CanaryPolicy): Decision {
  const blindSeconds = (nowMs - state.measuredAtMs) / 1000;
  const reason = `no data on ${canaryVersion} for ${blindSeconds.toFixed(0)} s (at most ${maxBlindSeconds} s).`;
  return blindSeconds > maxBlindSeconds ? end(state, 'rollback', reason) : { verdict: 'hold', reason, state };
}

function include(state: ReleaseState, { requests, errors, latency }: Sample, nowMs: number): ReleaseState {
  return {
    ...state,
    measuredAtMs: nowMs,
    requestAtMs: requests > 0 ? nowMs : state.requestAtMs,
    failed: addTallies(state.failed, { trials: requests, hits: errors }),
    slow: latency === null ? state.slow : addTallies(state.slow, { trials: requests, hits: latency.slowRequests }),
    baselineSeconds: latency?.baselineSeconds ?? state.baselineSeconds,
  };
}

/** What is proven against the canary, if anything. */
function harmOf({ failed, slow }: ReleaseState, policy: CanaryPolicy): string | null {
  const alpha = policy.falseRollbackRate / (RULES * policy.stepPercents.length);
  const { baseline, canaryVersion, stableVersion, maxErrorRatio, maxLatencyRatio } = policy;
  if (isBeyond(failed, maxErrorRatio, alpha)) {
    return `${canaryVersion} fails too often: ${told(failed, alpha)}, allowed are ${percentOf(maxErrorRatio)}.`;
  }
  const allowedSlow = allowedSlowRatio(policy);
  if (isBeyond(slow, allowedSlow, alpha)) {
    const limit = `${maxLatencyRatio} x the p${Math.round(baseline.quantile * 100)} of ${stableVersion}`;
    return `${canaryVersion} is slower than ${limit} too often: ${told(slow, alpha)}, allowed are ${percentOf(allowedSlow)}.`;
  }
  return null;
}

/** By definition of a quantile: the canary's p99 is above the limit exactly when more than 1 % of its requests are. */
function allowedSlowRatio({ baseline }: CanaryPolicy): number {
  return 1 - baseline.quantile;
}

/** That nobody has asked the canary for too long, if so. */
function idleOf({ requestAtMs }: ReleaseState, nowMs: number, { maxIdleSeconds, canaryVersion }: CanaryPolicy) {
  const idleSeconds = (nowMs - requestAtMs) / 1000;
  return idleSeconds > maxIdleSeconds
    ? `no requests on ${canaryVersion} for ${idleSeconds.toFixed(0)} s (at most ${maxIdleSeconds} s).`
    : null;
}

/** Why the release may not go on yet, if so. */
function waitOf(
  { failed, slow, step, stepStartedAtMs }: ReleaseState,
  nowMs: number,
  policy: CanaryPolicy,
): string | null {
  const { canaryVersion, stableVersion, minRequestsPerStep, stepSeconds } = policy;
  const at = `at ${policy.stepPercents[step]} %`;
  if (failed.trials === 0) return `no requests on ${canaryVersion}.`;
  if (failed.trials < minRequestsPerStep) {
    return `${failed.trials.toFixed(0)} of ${minRequestsPerStep} requests on ${canaryVersion} ${at}.`;
  }
  if (slow.trials < minRequestsPerStep) {
    return `${slow.trials.toFixed(0)} of ${minRequestsPerStep} requests ${at} could be compared with the latency of ${stableVersion}: it has too little traffic.`;
  }
  const unproven = unprovenOf({ failed, slow }, policy);
  if (unproven !== null) return `${unproven} ${at}.`;
  const elapsedSeconds = (nowMs - stepStartedAtMs) / 1000;
  return elapsedSeconds < stepSeconds ? `${elapsedSeconds.toFixed(0)} of ${stepSeconds} s ${at}.` : null;
}

/** That somebody must say yes first, if so. */
function gateOf({ step, approvedStep }: ReleaseState, { approval, stepPercents }: CanaryPolicy): string | null {
  if (approval === 'automatic' || approvedStep === step) return null;
  return `waits for approval at ${stepPercents[step]} %, for nothing is against it.`;
}

/** What the requests of the step have not shown yet, if anything. */
function unprovenOf({ failed, slow }: Pick<ReleaseState, 'failed' | 'slow'>, policy: CanaryPolicy): string | null {
  const { canaryVersion, falsePromotionRate, harmfulMultiple, maxErrorRatio } = policy;
  const rules = [
    ['fail', failed, maxErrorRatio],
    ['are slow', slow, allowedSlowRatio(policy)],
  ] as const;
  for (const [what, tally, allowed] of rules) {
    const harmful = harmfulMultiple * allowed;
    if (isBelow(tally, harmful, falsePromotionRate)) continue;
    return `${tally.trials.toFixed(0)} requests do not prove yet that fewer than ${percentOf(harmful)} of those on ${canaryVersion} ${what},`;
  }
  return null;
}

function end(state: ReleaseState, verdict: 'promoted' | 'rollback', reason: string): Decision {
  return { verdict, reason, state: { ...state, ended: { verdict, reason } } };
}

function told(tally: Tally, alpha: number): string {
  return `${tally.hits.toFixed(0)} of ${tally.trials.toFixed(0)} requests in this step, at least ${percentOf(lowerBound(tally, alpha))}`;
}

function percentOf(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
