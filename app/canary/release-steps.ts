import type { CanaryPolicy } from './canary-policy.js';

/** What a release is given at one step, in percent of the traffic. */
export interface ReleaseStep {
  readonly percent: number;
  /** Sent to the canary a second time, its answers thrown away: then no user's request depends on it yet. */
  readonly mirrorPercent: number;
}

/** What a release has that is promoted. */
export const ALL_TRAFFIC: ReleaseStep = { percent: 100, mirrorPercent: 0 };

type Shares = Pick<CanaryPolicy, 'mirrorPercent' | 'stepPercents'>;

/** The steps of a release in their order: the mirrored one, where the policy has it, comes before the first share. */
export function stepsOf({ mirrorPercent, stepPercents }: Shares): readonly ReleaseStep[] {
  const shares = stepPercents.map((percent) => ({ percent, mirrorPercent: 0 }));
  return mirrorPercent === undefined ? shares : [{ percent: 0, mirrorPercent }, ...shares];
}

/** A step as sentences have it. */
export function stepName({ percent, mirrorPercent }: ReleaseStep): string {
  return mirrorPercent > 0 ? `${mirrorPercent} % mirrored` : `${percent} %`;
}
