import { meanOfShare, shareOfMean } from './business-metric.js';
import type { CanaryPolicy } from './canary-policy.js';
import type { Tally } from './proportion-evidence.js';
import { stepsOf } from './release-steps.js';

/** What is counted of a canary in one step. */
export interface Tallies {
  /** Its requests, and those of them that failed. */
  readonly failed: Tally;
  /** Those that could be compared with the stable p99, and those of them that were too slow. */
  readonly slow: Tally;
  /** Its answers, as trials of the business metric; none where the policy has no such metric. */
  readonly business: Tally;
}

/** One way for a canary to do harm: too large a share of its trials are hits. Shares are 0 to 1. */
export interface Rule {
  readonly tally: Tally;
  /** The share that may be. */
  readonly allowed: number;
  /** That it is proven to do harm, from what is the least share. */
  readonly harm: (atLeast: number) => string;
  /** That there are fewer trials than the policy wants. */
  readonly few: (at: string) => string;
  /** That it is not proven to stay below what is harmful. */
  readonly unproven: (harmful: number, at: string) => string;
}

type Judged = Pick<CanaryPolicy, 'businessMetric' | 'baseline' | 'maxErrorRatio'>;

/** The shares that may be, one for each rule of the policy. */
export function allowedShares({ businessMetric, baseline, maxErrorRatio }: Judged) {
  return {
    failed: maxErrorRatio,
    // By definition of a quantile: the canary's p99 is above the limit exactly when more than 1 % of its requests are.
    slow: 1 - baseline.quantile,
    ...(businessMetric && { business: shareOfMean(businessMetric.limit, businessMetric) }),
  };
}

/**
 * The error of one rule at one step, so that all of them over the whole release err at the policy's rate at most (union bound). A step that
 * mirrors is one more, and so is a business metric one more rule.
 */
export function rollbackAlpha(
  policy: Judged & Pick<CanaryPolicy, 'falseRollbackRate' | 'mirrorPercent' | 'stepPercents'>,
) {
  return policy.falseRollbackRate / (Object.keys(allowedShares(policy)).length * stepsOf(policy).length);
}

export function rulesOf(tallies: Tallies, policy: CanaryPolicy): readonly Rule[] {
  const rules = [failedRule(tallies, policy), slowRule(tallies, policy)];
  return policy.businessMetric ? [...rules, businessRule(tallies, policy, policy.businessMetric)] : rules;
}

function failedRule({ failed }: Tallies, policy: CanaryPolicy): Rule {
  const { canaryVersion, minRequestsPerStep } = policy;
  const { failed: allowed } = allowedShares(policy);
  return {
    tally: failed,
    allowed,
    harm: (atLeast) => `${canaryVersion} fails too often: ${hitsOf(failed, atLeast)}, allowed are ${percent(allowed)}.`,
    few: (at) => `${count(failed)} of ${minRequestsPerStep} requests on ${canaryVersion} ${at}.`,
    unproven: (harmful, at) =>
      `${count(failed)} requests do not prove yet that fewer than ${percent(harmful)} of those on ${canaryVersion} fail, ${at}.`,
  };
}

function slowRule({ slow }: Tallies, policy: CanaryPolicy): Rule {
  const { baseline, canaryVersion, maxLatencyRatio, minRequestsPerStep, stableVersion } = policy;
  const { slow: allowed } = allowedShares(policy);
  const limit = `${maxLatencyRatio} x the p${Math.round(baseline.quantile * 100)} of ${stableVersion}`;
  return {
    tally: slow,
    allowed,
    harm: (atLeast) =>
      `${canaryVersion} is slower than ${limit} too often: ${hitsOf(slow, atLeast)}, allowed are ${percent(allowed)}.`,
    few: (at) =>
      `${count(slow)} of ${minRequestsPerStep} requests ${at} could be compared with the latency of ${stableVersion}: it has too little traffic.`,
    unproven: (harmful, at) =>
      `${count(slow)} requests do not prove yet that fewer than ${percent(harmful)} of those on ${canaryVersion} are slow, ${at}.`,
  };
}

function businessRule(
  { business }: Tallies,
  { canaryVersion, minRequestsPerStep }: CanaryPolicy,
  metric: NonNullable<CanaryPolicy['businessMetric']>,
): Rule {
  const allowed = shareOfMean(metric.limit, metric);
  const mean = (share: number) => Number(meanOfShare(share, metric).toPrecision(3));
  const [least, less] = metric.harm === 'increase' ? ['at least', 'less'] : ['at most', 'more'];
  return {
    tally: business,
    allowed,
    harm: (atLeast) =>
      `${canaryVersion} has too ${metric.harm === 'increase' ? 'much' : 'little'} ${metric.values} an answer: ${mean(business.hits / business.trials)} in the mean of ${count(business)} answers in this step, ${least} ${mean(atLeast)}, the limit is ${metric.limit}.`,
    few: (at) => `${count(business)} of ${minRequestsPerStep} answers with ${metric.values} on ${canaryVersion} ${at}.`,
    unproven: (harmful, at) =>
      `${count(business)} answers do not prove yet that ${canaryVersion} has ${less} than ${mean(harmful)} ${metric.values} an answer, ${at}.`,
  };
}

function count({ trials }: Tally): string {
  return trials.toFixed(0);
}

function hitsOf({ trials, hits }: Tally, atLeast: number): string {
  return `${hits.toFixed(0)} of ${trials.toFixed(0)} requests in this step, at least ${percent(atLeast)}`;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
