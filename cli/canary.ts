import { type CanaryReleaseAccess, openCanaryReleases } from '../app/adapters/kubernetes/canary-release-access.js';
import { ClusterProblem } from '../app/adapters/kubernetes/cluster-problem.js';
import type { Release } from '../app/canary/release-cluster.js';
import { stepName } from '../app/canary/release-steps.js';
import type { CanaryCommandVerb } from '../contract/index.js';
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

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
