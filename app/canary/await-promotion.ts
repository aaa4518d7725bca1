import type { CanaryReleaseStatus } from '../../contract/index.js';
import { awaitPods } from './await-pods.js';
import type { Release, Slot } from './release-cluster.js';
import { ALL_TRAFFIC } from './release-steps.js';
import type { Sides } from './sight.js';
import { promote } from './status-changes.js';

type Status = CanaryReleaseStatus;

/**
 * Where a release stands that somebody promotes: promoted once its pods can bear all traffic. They are waited for as before a step, but not where the stable
 * release has no ready pod either: then any that the canary has are better.
 */
export function awaitPromotion(
  before: Status,
  release: Release,
  { stable, canary }: Pick<Sides, 'stable'> & { readonly canary: Slot },
  nowMs: number,
): Status {
  const isOnlyOneReady = canary.readyReplicas > 0 && !stable?.readyReplicas;
  const lack = isOnlyOneReady ? null : awaitPods(before, release, canary, ALL_TRAFFIC, nowMs);
  return lack ?? promote(before, release, 'promoted by hand.', nowMs);
}
