import * as z from 'zod';
import { type DetectionPlan, type PlannedTraffic, planDetection } from '../app/canary/plan-detection.js';
import { stepName } from '../app/canary/release-steps.js';
import { type CanaryReleaseSpec, canaryReleasePolicy } from '../contract/index.js';
import { EXIT_FAILURE } from './exit-codes.js';

export interface PlanQuestion extends PlannedTraffic {
  /** The regression: the canary's share of errors, */
  readonly errorRatio?: number | undefined;
  /** or the mean of its business metric. */
  readonly mean?: number | undefined;
  readonly harm?: 'increase' | 'decrease' | undefined;
  /** The mean may be no worse. */
  readonly limit?: number | undefined;
  /** No single answer has more. */
  readonly largest?: number | undefined;
  readonly steps?: readonly number[] | undefined;
  /** Share of the requests that are mirrored first. */
  readonly mirrorPercent?: number | undefined;
}

/** `armature canary plan`: how long each step needs to find a regression, and to pass a canary without fault. */
export function runCanaryPlan(question: PlanQuestion): void {
  const { errorRatio, mean, requestsPerSecond } = question;
  const policy = canaryReleasePolicy.safeParse(policyOf(question));
  const wrong =
    questionProblem(question) ??
    (policy.success
      ? planProblem(question, policy.data)
      : `${z.prettifyError(policy.error)}\nFix: --limit, or --largest.`);
  if (wrong !== undefined || !policy.success) {
    process.stderr.write(`${wrong}\n`);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  const plan = planDetection(question, { errorRatio, businessMean: mean }, policy.data);
  const { maxErrorRatio, businessMetric } = policy.data;
  const worse = [
    ...(errorRatio === undefined
      ? []
      : [`${percentOf(errorRatio)} of the canary's fail, ${percentOf(maxErrorRatio)} may`]),
    ...(mean === undefined
      ? []
      : [`the canary's answers have ${mean} in the mean, the limit is ${businessMetric?.limit}`]),
  ];
  print(`${requestsPerSecond} requests/s; ${worse.join('; ')}.`);
  print('share           requests/min   rolled back after (on average)   passed, if without fault, after');
  for (const step of plan) print(line(step));
}

function policyOf({ steps, mirrorPercent, limit, harm = 'increase', largest }: PlanQuestion) {
  const counters = { values: 'values_total', answers: 'answers_total' };
  return {
    ...(steps && { stepPercents: [...steps] }),
    mirrorPercent,
    ...(limit !== undefined && { businessMetric: { ...counters, harm, limit, largest } }),
  };
}

/** What was asked that cannot be, if anything. */
function questionProblem({ errorRatio, mean, usualMean, valuedRatio, limit, largest: stated }: PlanQuestion) {
  const largest = stated ?? 1;
  if (limit === undefined) {
    if (mean !== undefined) return `A mean of ${mean} is worse than which? Fix: --limit with the mean that may be.`;
    const options = { '--usual': usualMean, '--valued': valuedRatio, '--largest': stated };
    const of = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
    if (of) return `${of} is of a business metric, and none is asked about. Fix: --limit and --mean.`;
  }
  if (errorRatio === undefined && mean === undefined) {
    return 'Of what is a canary to be found out? Fix: --errors with its share of failed requests, or --limit and --mean with that of its answers.';
  }
  const beyond = [limit, mean, usualMean].find((one) => one !== undefined && one > largest);
  return (
    beyond &&
    `No mean is ${beyond} where no answer has more than ${largest}. Fix: --largest with the most that one may have.`
  );
}

/** Why there is nothing to plan, if so. */
function planProblem({ errorRatio, mean, usualMean }: PlanQuestion, policy: CanaryReleaseSpec['policy']) {
  const { maxErrorRatio: allowed, businessMetric: metric } = policy;
  if (errorRatio !== undefined && errorRatio <= allowed) {
    return `A canary of which ${percentOf(errorRatio)} fail is within what is allowed, ${percentOf(allowed)}: it is not rolled back. Fix: --errors above ${allowed}.`;
  }
  if (metric === undefined) return undefined;
  const { harm, limit } = metric;
  const [worse, better] = harm === 'increase' ? ['above', 'below'] : ['below', 'above'];
  const isWorse = (one: number) => (harm === 'increase' ? one > limit : one < limit);
  if (mean !== undefined && !isWorse(mean)) {
    return `A canary whose answers have ${mean} in the mean is within the limit, ${limit}: it is not rolled back. Fix: --mean ${worse} ${limit}, or another --harm.`;
  }
  if (usualMean !== undefined && isWorse(usualMean)) {
    return `A mean of ${usualMean} while nothing is wrong is beyond the limit, ${limit}: a canary without fault would be taken back. Fix: --usual ${better} ${limit}, or another --harm.`;
  }
  return undefined;
}

function line({ step, requestsPerMinute, rollbackSeconds, passSeconds }: DetectionPlan): string {
  const cells = [
    stepName(step).padEnd(16),
    requestsPerMinute.toFixed(1).padEnd(15),
    duration(rollbackSeconds).padEnd(33),
    duration(passSeconds),
  ];
  return cells.join('');
}

function duration(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'never';
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function percentOf(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
