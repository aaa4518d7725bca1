import type { CanaryReleaseSpec, CanaryReleaseStatus } from '../../contract/index.js';

/**
 * How many pods each Deployment of a release must have at least, whatever its load; 0 where its load alone counts. The canary has its share of
 * those that bear all traffic, as its share comes and not once it is slow. The stable release keeps all of them while a canary is tried: a rollback gives
 * it the whole traffic back in a moment.
 */
export function releaseFloors(
  { slots, minReplicas = 0 }: Pick<CanaryReleaseSpec, 'slots' | 'minReplicas'>,
  { canary, percent, mirrorPercent, bearingReplicas }: CanaryReleaseStatus,
): ReadonlyMap<string, number> {
  const bearing = Math.max(minReplicas, bearingReplicas);
  const share = Math.max(percent, mirrorPercent);
  const floorOf = (version: string) => (version === canary ? Math.ceil((bearing * share) / 100) : bearing);
  return new Map(slots.map(({ version, deployment }) => [deployment, floorOf(version)]));
}
