import { businessTally } from './business-metric.js';
import type { Sample } from './canary-metrics.js';
import type { CanaryPolicy } from './canary-policy.js';
import { addTallies, isBelow, isBeyond, lowerBound } from './proportion-evidence.js';
import { beginStep, type ReleaseState, stepAt, type Verdict } from './release-state.js';
import { stepName, stepsOf } from './release-steps.js';
import { rollbackAlpha, rulesOf } from './rules.js';

export interface Decision {
  readonly verdict: Verdict;
  /** A sentence for whoever asks why. */
  readonly reason: string;
  readonly state: ReleaseState;
  /** Where it stands for as long as what it has passed to is not ready for it. */
  readonly unpassed?: ReleaseState;
}

/**
 * What to do with a release after one more look. A threshold counts only when the canary's share is beyond it by a bound
 * that holds at every look; the policy's false rollback rate is divided over rules and steps, and so covers the whole release
 * (union bound). A step is passed only when every share is proven to be below what is harmful: a canary that is harmful by one
 * rule at one step must be cleared of just that, so the false promotion rate needs no division (intersection-union test; Berger,
 * Technometrics 24 (1982), 295-300). Without data, or with too little of it, a release never advances.
 *
 * @param sample what was measured since `state.measuredAtMs`; `null` without data
 * @param nowMs milliseconds since the epoch
 */
export function decide(state: ReleaseState, sample: Sample | null, nowMs: number, policy: CanaryPolicy): Decision {
  if (state.ended !== null) return { ...state.ended, state };
  if (sample === null) return decideBlind(state, nowMs, policy);
  const next = include(state, sample, nowMs, policy);
  const end = harmOf(next, policy) ?? unwatchedOf(state, nowMs, policy) ?? idleOf(next, nowMs, policy);
  if (end !== null) return ended(next, 'rollback', end);
  const wait = waitOf(next, nowMs, policy) ?? gateOf(next, policy);
  return wait === null ? pass(next, nowMs, policy) : { verdict: 'hold', reason: wait, state: next };
}

function decideBlind(state: ReleaseState, nowMs: number, { maxBlindSeconds, canaryVersion }: CanaryPolicy): Decision {
  const blindSeconds = (nowMs - state.measuredAtMs) / 1000;
  const reason = `no data on ${canaryVersion} for ${blindSeconds.toFixed(0)} s (at most ${maxBlindSeconds} s).`;
  return blindSeconds > maxBlindSeconds ? ended(state, 'rollback', reason) : { verdict: 'hold', reason, state };
}

function include(state: ReleaseState, sample: Sample, nowMs: number, { businessMetric }: CanaryPolicy): ReleaseState {
  const { requests, errors, latency, business } = sample;
  const slow = latency && { trials: requests, hits: latency.slowRequests };
  const worth = business && businessMetric && businessTally(business.answers, business.total, businessMetric);
  return {
    ...state,
    measuredAtMs: nowMs,
    requestAtMs: requests > 0 ? nowMs : state.requestAtMs,
    failed: addTallies(state.failed, { trials: requests, hits: errors }),
    slow: slow ? addTallies(state.slow, slow) : state.slow,
    business: worth ? addTallies(state.business, worth) : state.business,
    baselineSeconds: latency?.baselineSeconds ?? state.baselineSeconds,
  };
}

/** What is proven against the canary, if anything. */
function harmOf(state: ReleaseState, policy: CanaryPolicy): string | null {
  const alpha = rollbackAlpha(policy);
  const broken = rulesOf(state, policy).find(({ tally, allowed }) => isBeyond(tally, allowed, alpha));
  return broken?.harm(lowerBound(broken.tally, alpha)) ?? null;
}

/** That nobody could have taken the canary back for too long, if so: neither controller nor API server may have been there. */
function unwatchedOf({ measuredAtMs }: ReleaseState, nowMs: number, policy: CanaryPolicy): string | null {
  const { canaryVersion, checkSeconds, maxBlindSeconds } = policy;
  const lateSeconds = (nowMs - measuredAtMs) / 1000 - checkSeconds;
  return lateSeconds > maxBlindSeconds
    ? `${canaryVersion} was not judged for ${lateSeconds.toFixed(0)} s after it was due (at most ${maxBlindSeconds} s).`
    : null;
}

/** That nobody has asked the canary for too long, if so. */
function idleOf({ requestAtMs }: ReleaseState, nowMs: number, { maxIdleSeconds, canaryVersion }: CanaryPolicy) {
  const idleSeconds = (nowMs - requestAtMs) / 1000;
  return idleSeconds > maxIdleSeconds
    ? `no requests on ${canaryVersion} for ${idleSeconds.toFixed(0)} s (at most ${maxIdleSeconds} s).`
    : null;
}

/** Why the release may not go on yet, if so. */
function waitOf(state: ReleaseState, nowMs: number, policy: CanaryPolicy): string | null {
  const { canaryVersion, falsePromotionRate, harmfulMultiple, minRequestsPerStep, stepSeconds } = policy;
  if (state.failed.trials === 0) return `no requests on ${canaryVersion}.`;
  const at = `at ${stepName(stepAt(state, policy))}`;
  const rules = rulesOf(state, policy);
  const few = rules.find(({ tally }) => tally.trials < minRequestsPerStep);
  if (few) return few.few(at);
  for (const { tally, allowed, unproven } of rules) {
    const harmful = harmfulMultiple * allowed;
    if (!isBelow(tally, harmful, falsePromotionRate)) return unproven(harmful, at);
  }
  const elapsedSeconds = (nowMs - state.stepStartedAtMs) / 1000;
  return elapsedSeconds < stepSeconds ? `${elapsedSeconds.toFixed(0)} of ${stepSeconds} s ${at}.` : null;
}

/** That somebody must say yes first, if so. */
function gateOf(state: ReleaseState, policy: CanaryPolicy): string | null {
  if (policy.approval === 'automatic' || state.approvedStep === state.step) return null;
  return `waits for approval at ${stepName(stepAt(state, policy))}, for nothing is against it.`;
}

/** On to the next step, or to all traffic after the last. */
function pass(state: ReleaseState, nowMs: number, policy: CanaryPolicy): Decision {
  const { failed, step } = state;
  const at = stepName(stepAt(state, policy));
  const done = `${failed.trials.toFixed(0)} requests at ${at} showed nothing against ${policy.canaryVersion}`;
  if (step === stepsOf(policy).length - 1) return ended(state, 'promoted', `${done}: it takes all traffic.`);
  const advanced = { ...state, ...beginStep(step + 1, nowMs) };
  return {
    verdict: 'advance',
    reason: `${done}: on to ${stepName(stepAt(advanced, policy))}.`,
    state: advanced,
    unpassed: state,
  };
}

function ended(state: ReleaseState, verdict: 'promoted' | 'rollback', reason: string): Decision {
  return { verdict, reason, state: { ...state, ended: { verdict, reason } } };
}
