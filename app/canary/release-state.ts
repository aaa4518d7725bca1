import { NO_TRIALS } from './proportion-evidence.js';
import { type ReleaseStep, stepsOf } from './release-steps.js';
import type { Tallies } from './rules.js';

export const VERDICTS = ['advance', 'hold', 'rollback', 'promoted'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a release must remember to go on where it was. Times in milliseconds since the epoch. */
export interface ReleaseState extends Tallies {
  /** Index into the policy's steps. */
  readonly step: number;
  readonly stepStartedAtMs: number;
  /** End of the last sample: the next one begins here. */
  readonly measuredAtMs: number;
  /** End of the last sample that had a request in it; the release's start before there was one. */
  readonly requestAtMs: number;
  /** The stable p99 when it was last known: at 100 % the stable pods have no traffic to measure. */
  readonly baselineSeconds: number | null;
  /** The step that somebody has approved, where the policy wants that. */
  readonly approvedStep: number | null;
  /** How the release ended; `null` while it runs. */
  readonly ended: { readonly verdict: 'promoted' | 'rollback'; readonly reason: string } | null;
}

/** A release at its first step. */
export function beginRelease(nowMs: number): ReleaseState {
  return {
    ...beginStep(0, nowMs),
    measuredAtMs: nowMs,
    requestAtMs: nowMs,
    baselineSeconds: null,
    approvedStep: null,
    ended: null,
  };
}

/** Every step counts anew: a canary that breaks under more traffic must not live on what it did well with less. */
export function beginStep(step: number, nowMs: number) {
  return { step, stepStartedAtMs: nowMs, failed: NO_TRIALS, slow: NO_TRIALS, business: NO_TRIALS };
}

/** What the canary ought to be given now. */
export function stepAt({ ended, step }: ReleaseState, policy: Parameters<typeof stepsOf>[0]): ReleaseStep {
  if (ended !== null) return { percent: ended.verdict === 'promoted' ? 100 : 0, mirrorPercent: 0 };
  const steps = stepsOf(policy);
  const found = steps[step];
  if (found === undefined)
    throw new RangeError(`Step ${step} is not one of the policy's ${steps.length} steps, counted from 0.`);
  return found;
}
