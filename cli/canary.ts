import * as z from 'zod';
import { type CanaryReleaseAccess, openCanaryReleases } from '../app/adapters/kubernetes/canary-release-access.js';
import { ClusterProblem } from '../app/adapters/kubernetes/cluster-problem.js';
import { type DetectionPlan, type PlannedTraffic, planDetection } from '../app/canary/plan-detection.js';
import type { Release } from '../app/canary/release-cluster.js';
import { stepName } from '../app/canary/release-steps.js';
import { type CanaryCommandVerb, type CanaryReleaseSpec, canaryReleasePolicy } from '../contract/index.js';
import { EXIT_FAILURE } from './exit-codes.js';

/** `armature canary status`: every release of the namespace, or one, and why it stands where it does. */
export function runCanaryStatus(name: string | undefined, format: 'text' | 'json'): Promise<void> {
  return withReleases(async (access) => {
    const releases = name === undefined ? await access.list() : [await found(access, name)];
    if (format === 'json')
      return print(
        JSON.stringify(
          releases.map(({ name, status }) => ({ name, status })),
          null,
          2,
        ),
      );
    if (releases.length === 0) print(`No releases in the namespace ${access.namespace}.`);
    for (const release of releases) print(describe(release));
  });
}

/** `armature canary promote|abort|approve|retry`: leaves the controller a word, meant for the release that stands there now. */
export function runCanaryCommand(verb: CanaryCommandVerb, name: string): Promise<void> {
  return withReleases(async (access) => {
    const { status } = await found(access, name);
    const wanted = verb === 'retry' ? 'RolledBack' : 'Progressing';
    if (status?.phase !== wanted || status.canaryRevision === null) {
      throw new CanaryCommandError(`${name} is ${status?.phase ?? 'new'}: ${verb} is for a release that is ${wanted}.`);
    }
    const at = new Date().toISOString();
    await access.command(name, { verb, revision: status.canaryRevision, at });
    print(
      `${verb} of ${name} ${status.canary} (${status.canaryRevision}) was asked for; armature canary status ${name} tells what comes of it.`,
    );
  });
}

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
  const problem = policy.success ? planProblem(question, policy.data) : z.prettifyError(policy.error);
  if (problem !== undefined || !policy.success) {
    process.stderr.write(`${problem}\n`);
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

/** Why there is nothing to plan, if so. */
function planProblem({ errorRatio, mean, usualMean }: PlanQuestion, policy: CanaryReleaseSpec['policy']) {
  const { maxErrorRatio: allowed, businessMetric: metric } = policy;
  if (errorRatio === undefined && mean === undefined) {
    return 'Of what is a canary to be found out? Fix: --errors with its share of failed requests, or --limit and --mean with that of its answers.';
  }
  if (errorRatio !== undefined && errorRatio <= allowed) {
    return `A canary of which ${percentOf(errorRatio)} fail is within what is allowed, ${percentOf(allowed)}: it is not rolled back. Fix: --errors above ${allowed}.`;
  }
  if (metric === undefined) {
    return mean === undefined
      ? undefined
      : `A mean of ${mean} is worse than which? Fix: --limit with the mean that may be.`;
  }
  const [is, worse] = metric.harm === 'increase' ? [1, 'above'] : [-1, 'below'];
  if (mean !== undefined && is * (mean - metric.limit) <= 0) {
    return `A canary whose answers have ${mean} in the mean is within the limit, ${metric.limit}: it is not rolled back. Fix: --mean ${worse} ${metric.limit}, or another --harm.`;
  }
  const beyond = [mean, usualMean].find((one) => one !== undefined && one > metric.largest);
  if (beyond !== undefined)
    return `No mean is ${beyond} where no answer has more than ${metric.largest}. Fix: --largest.`;
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

function describe({ name, status }: Release): string {
  if (status === undefined) return `${name}  no controller has looked at it yet`;
  const { phase, stable, canary, percent, mirrorPercent, routedPercent, decidedAt, reason, canaryRevision } = status;
  const moving = routedPercent === percent ? '' : `, routed ${routedPercent ?? 'never'}`;
  return [
    `${name}  ${phase}  stable ${stable}, canary ${canary}${canaryRevision === null ? '' : ` (${canaryRevision})`} at ${stepName({ percent, mirrorPercent })}${moving}`,
    `  ${decidedAt}  ${reason}`,
    ...(phase === 'Progressing' ? [] : [`  the next release comes into ${canary}`]),
  ].join('\n');
}

/** What a person can mend: told in one line, without a stack. */
class CanaryCommandError extends Error {
  override readonly name = 'CanaryCommandError';
}

async function found(access: CanaryReleaseAccess, name: string): Promise<Release> {
  const releases = await access.list();
  const release = releases.find((one) => one.name === name);
  if (release) return release;
  const known = releases.map((one) => one.name).join(', ') || 'none';
  throw new CanaryCommandError(`No release "${name}" in the namespace ${access.namespace} (there: ${known}).`);
}

async function withReleases(work: (access: CanaryReleaseAccess) => Promise<void>): Promise<void> {
  try {
    await work(openCanaryReleases());
  } catch (error) {
    if (!(error instanceof CanaryCommandError || error instanceof ClusterProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_FAILURE;
  }
}

function percentOf(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
