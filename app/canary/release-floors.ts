import type { CanaryReleaseSpec, CanaryReleaseStatus } from '../../contract/index.js';
import { ALL_TRAFFIC, type ReleaseStep, stepsOf } from './release-steps.js';

type Spec = Pick<CanaryReleaseSpec, 'slots' | 'minReplicas' | 'maxReplicas' | 'policy'>;
type Status = CanaryReleaseStatus;

/**
 * How many pods each Deployment of a release must have at least, whatever its load; 0 where its load alone counts. The canary has its share of
 * those that bear all traffic before its share comes. The stable release keeps all of them while a canary is tried: a rollback gives
 * it the whole traffic back in a moment.
 */
export function releaseFloors(spec: Spec, status: Status): ReadonlyMap<string, number> {
  const share = Math.max(shareOf(status), shareOf(comingStep(spec, status)));
  const floorOf = (version: string) =>
    version === status.canary ? floorAt(share, spec, status) : bearingOf(spec, status);
  return new Map(spec.slots.map(({ version, deployment }) => [deployment, floorOf(version)]));
}

/**
 * How many ready pods the canary must have before it gets a step's share: its floor, less what an autoscaler may leave out, which takes a
 * tenth too few for enough (--horizontal-pod-autoscaler-tolerance), and no more than it can give. Where no autoscaler follows the floors one will do.
 */
export function podsFor(step: ReleaseStep, spec: Spec, status: Status): number {
  if (spec.maxReplicas === undefined) return 1;
  const given = Math.ceil(floorAt(shareOf(step), spec, status) / 1.1);
  return Math.max(1, Math.min(given, spec.maxReplicas));
}

/** The step whose pods must be there first. */
function comingStep({ policy }: Spec, { phase, awaits, analysis }: Status): ReleaseStep | undefined {
  if (phase !== 'Progressing') return undefined;
  if (awaits === 'promotion') return ALL_TRAFFIC;
  if (analysis === null) return stepsOf(policy)[0];
  return awaits === 'pods' ? stepsOf(policy)[analysis.step + 1] : undefined;
}

function floorAt(sharePercent: number, spec: Spec, status: Status): number {
  return Math.ceil((bearingOf(spec, status) * sharePercent) / 100);
}

/** So many pods bear all traffic. */
function bearingOf({ minReplicas = 0 }: Spec, { bearingReplicas }: Status): number {
  return Math.max(minReplicas, bearingReplicas);
}

/** Requests that are mirrored count as those that are answered: the canary does both. */
function shareOf(step: ReleaseStep | undefined): number {
  return step ? Math.max(step.percent, step.mirrorPercent) : 0;
}
