import { type CanaryReleaseAccess, openCanaryReleases } from '../app/adapters/kubernetes/canary-release-access.js';
import { ApiServerSilent } from '../app/adapters/kubernetes/limited-client.js';
import { statusCodeOf } from '../app/adapters/kubernetes/status-code.js';
import { type DetectionPlan, planDetection } from '../app/canary/plan-detection.js';
import type { Release } from '../app/canary/release-cluster.js';
import { stepName } from '../app/canary/release-steps.js';
import { type CanaryCommandVerb, canaryReleasePolicy } from '../contract/index.js';
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

export interface PlanQuestion {
  /** Of the service. */
  readonly requestsPerSecond: number;
  /** The regression: the canary's share of errors. */
  readonly errorRatio: number;
  readonly steps?: readonly number[] | undefined;
  /** Share of the requests that are mirrored first. */
  readonly mirrorPercent?: number | undefined;
}

/** `armature canary plan`: how long each step needs to find a regression, and to pass a canary without fault. */
export function runCanaryPlan({ requestsPerSecond, errorRatio, steps, mirrorPercent }: PlanQuestion): void {
  const policy = canaryReleasePolicy.parse({ ...(steps && { stepPercents: [...steps] }), mirrorPercent });
  const allowed = policy.maxErrorRatio;
  if (errorRatio <= allowed) {
    process.stderr.write(
      `A canary of which ${percentOf(errorRatio)} fail is within what is allowed, ${percentOf(allowed)}: it is not rolled back. Fix: --errors above ${allowed}.\n`,
    );
    process.exitCode = EXIT_FAILURE;
    return;
  }
  const plan = planDetection(requestsPerSecond, errorRatio, policy);
  print(`${requestsPerSecond} requests/s; ${percentOf(errorRatio)} of the canary's fail, ${percentOf(allowed)} may.`);
  print('share           requests/min   rolled back after (on average)   passed, if without fault, after');
  for (const step of plan) print(line(step));
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
    const code = statusCodeOf(error);
    if (!(error instanceof CanaryCommandError) && code === undefined && !isUnreachable(error)) throw error;
    process.stderr.write(
      `${code === undefined ? messageOf(error) : `The API server answered ${code}: ${messageOf(error)}`}\n`,
    );
    process.exitCode = EXIT_FAILURE;
  }
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof ApiServerSilent) return true;
  return error instanceof Error && 'code' in error && ['ECONNREFUSED', 'ENOTFOUND'].includes(String(error.code));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

function percentOf(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
