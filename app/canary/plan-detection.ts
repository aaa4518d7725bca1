import type { CanaryReleaseSpec } from '../../contract/index.js';
import { isBelow, isBeyond } from './proportion-evidence.js';
import { type ReleaseStep, stepsOf } from './release-steps.js';
import { allowedShares, rollbackAlpha } from './rules.js';

/** How long one step takes, at even traffic. */
export interface DetectionPlan {
  readonly step: ReleaseStep;
  readonly requestsPerMinute: number;
  /** Until a canary with the regression is rolled back, on average. */
  readonly rollbackSeconds: number;
  /** Until one of which no request fails, none is slow and no answer has anything against it is passed. */
  readonly passSeconds: number;
}

type Policy = CanaryReleaseSpec['policy'];

/**
 * How long each step needs. The evidence grows by the same amount with each request on average, so the number of requests at which a
 * canary that is exactly as stated is found out is the mean of those of all such canaries but for what it overshoots
 * (Wald, Ann. Math. Statist. 16 (1945), section 3.3); bench/canary.ts measures the real means.
 */
export function planDetection(requestsPerSecond: number, errorRatio: number, policy: Policy): readonly DetectionPlan[] {
  const alpha = rollbackAlpha(policy);
  const toRollBack = fewest((trials) => isBeyond({ trials, hits: trials * errorRatio }, policy.maxErrorRatio, alpha));
  const toPass = Math.max(
    policy.minRequestsPerStep,
    fewest((trials) => isCleared(trials, policy)),
  );
  return stepsOf(policy).map((step) => {
    const perSecond = (requestsPerSecond * (step.percent + step.mirrorPercent)) / 100;
    const atChecks = (requests: number) => Math.ceil(requests / perSecond / policy.checkSeconds) * policy.checkSeconds;
    return {
      step,
      requestsPerMinute: 60 * perSecond,
      rollbackSeconds: atChecks(toRollBack),
      passSeconds: Math.max(policy.stepSeconds, atChecks(toPass)),
    };
  });
}

function isCleared(trials: number, policy: Policy): boolean {
  const { harmfulMultiple, falsePromotionRate } = policy;
  return Object.values(allowedShares(policy)).every((allowed) =>
    isBelow({ trials, hits: 0 }, harmfulMultiple * allowed, falsePromotionRate),
  );
}

/** The least number of requests at which it is so, by doubling and halving: once it is so it stays so. */
function fewest(isEnough: (requests: number) => boolean): number {
  let [low, high] = [0, 1];
  while (!isEnough(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
