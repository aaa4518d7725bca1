import type { CanaryReleaseSpec } from '../../contract/index.js';
import { type BusinessMetric, shareOfMean } from './business-metric.js';
import { isBelow, isBeyond } from './proportion-evidence.js';
import { type ReleaseStep, stepsOf } from './release-steps.js';
import { allowedShares, rollbackAlpha } from './rules.js';

/** What a service is asked. */
export interface PlannedTraffic {
  readonly requestsPerSecond: number;
  /** Share of the requests whose answers have a value of the business metric: few are scored. @default 1 */
  readonly valuedRatio?: number | undefined;
  /** Mean of the business metric while nothing is wrong. @default the best there is */
  readonly usualMean?: number | undefined;
}

/** In what a canary is worse than it may be: in one of these at least. */
export interface Regression {
  /** Share of its requests that fail. */
  readonly errorRatio?: number | undefined;
  /** Mean of the policy's business metric. */
  readonly businessMean?: number | undefined;
}

/** How long one step takes, at even traffic. */
export interface DetectionPlan {
  readonly step: ReleaseStep;
  readonly requestsPerMinute: number;
  /** Until a canary with the regression is rolled back, on average. */
  readonly rollbackSeconds: number;
  /** Until one of which no request fails, none is slow and the answers are as usual is passed. */
  readonly passSeconds: number;
}

type Policy = CanaryReleaseSpec['policy'];

/** A rule as far as a plan needs it: shares of its trials that are hits. */
interface PlannedRule {
  readonly trialsPerRequest: number;
  readonly allowed: number;
  readonly usual: number;
  /** With the regression; `undefined` where that has nothing to do with the rule. */
  readonly worse: number | undefined;
}

/**
 * How long each step needs. The evidence grows by the same amount with each request on average, so the number of requests at which a
 * canary that is exactly as stated is found out is the mean of those of all such canaries but for what it overshoots
 * (Wald, Ann. Math. Statist. 16 (1945), section 3.3); bench/canary.ts measures the real means.
 */
export function planDetection(
  traffic: PlannedTraffic,
  regression: Regression,
  policy: Policy,
): readonly DetectionPlan[] {
  const rules = plannedRules(traffic, regression, policy);
  const toRollBack = Math.min(...rules.map((rule) => requestsUntilFound(rule, rollbackAlpha(policy))));
  const toPass = Math.max(...rules.map((rule) => requestsUntilCleared(rule, policy)));
  return stepsOf(policy).map((step) => {
    const perSecond = (traffic.requestsPerSecond * (step.percent + step.mirrorPercent)) / 100;
    const atChecks = (requests: number) => Math.ceil(requests / perSecond / policy.checkSeconds) * policy.checkSeconds;
    return {
      step,
      requestsPerMinute: 60 * perSecond,
      rollbackSeconds: atChecks(toRollBack),
      passSeconds: Math.max(policy.stepSeconds, atChecks(toPass)),
    };
  });
}

function plannedRules(traffic: PlannedTraffic, { errorRatio, businessMean }: Regression, policy: Policy) {
  const { failed, slow, business } = allowedShares(policy);
  const { businessMetric: metric } = policy;
  const rules: PlannedRule[] = [
    { trialsPerRequest: 1, allowed: failed, usual: 0, worse: errorRatio },
    { trialsPerRequest: 1, allowed: slow, usual: 0, worse: undefined },
  ];
  if (!metric || business === undefined) return rules;
  const { valuedRatio = 1, usualMean = bestMean(metric) } = traffic;
  const worse = businessMean === undefined ? undefined : shareOfMean(businessMean, metric);
  return [...rules, { trialsPerRequest: valuedRatio, allowed: business, usual: shareOfMean(usualMean, metric), worse }];
}

function bestMean({ harm, largest }: BusinessMetric): number {
  return harm === 'increase' ? 0 : largest;
}

function requestsUntilFound({ trialsPerRequest, allowed, worse }: PlannedRule, alpha: number): number {
  if (worse === undefined || worse <= allowed) return Number.POSITIVE_INFINITY;
  return fewest((trials) => isBeyond({ trials, hits: trials * worse }, allowed, alpha)) / trialsPerRequest;
}

function requestsUntilCleared({ trialsPerRequest, allowed, usual }: PlannedRule, policy: Policy): number {
  const { harmfulMultiple, falsePromotionRate, minRequestsPerStep } = policy;
  const harmful = harmfulMultiple * allowed;
  if (usual >= harmful) return Number.POSITIVE_INFINITY;
  const cleared = fewest((trials) => isBelow({ trials, hits: trials * usual }, harmful, falsePromotionRate));
  return Math.max(minRequestsPerStep, cleared) / trialsPerRequest;
}

/** More trials than anybody waits for: so near to what is allowed no bet gains at all. */
const NEVER = 2 ** 40;

/** The least number of trials at which it is so, by doubling and halving: once it is so it stays so. */
function fewest(isEnough: (trials: number) => boolean): number {
  let [low, high] = [0, 1];
  for (; !isEnough(high); [low, high] = [high, high * 2]) if (high > NEVER) return Number.POSITIVE_INFINITY;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
