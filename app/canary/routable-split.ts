import type { CanaryReleaseStatus, CanarySplit } from '../../contract/index.js';
import type { Sides } from './sight.js';

/**
 * How traffic may be divided now. No share grows at a side that has no ready pod while the other side has one: a decision, even to roll
 * back, never sends traffic from pods that answer to pods that do not.
 */
export function routableSplit(status: CanaryReleaseStatus, { stable, canary }: Sides): CanarySplit {
  const { percent, routedPercent } = status;
  const { mirrorPercent } = status;
  // While requests are mirrored no user is to see the canary's answers, nor is who asks for it.
  const beta = status.analysis !== null && mirrorPercent === 0;
  const wanted = { stable: status.stable, canary: status.canary, mirrorPercent, beta };
  if (routedPercent === null || percent === routedPercent) return { ...wanted, percent };
  const [gains, loses] = percent > routedPercent ? [canary, stable] : [stable, canary];
  const isBlocked = readyOf(gains) === 0 && readyOf(loses) > 0;
  return { ...wanted, percent: isBlocked ? routedPercent : percent };
}

function readyOf(slot: Sides['stable']): number {
  return slot?.readyReplicas ?? 0;
}
