import type { CanaryReleaseStatus, CanarySplit } from '../../contract/index.js';
import type { Sides } from './sight.js';

/**
 * How traffic may be divided now. A canary without a ready pod gets nothing while the stable release has one, whatever its share: the share comes back with its
 * pods. And no share grows at a stable release without a ready pod while the canary has one: not even a rollback sends traffic from pods that answer to
 * pods that do not.
 */
export function routableSplit(status: CanaryReleaseStatus, { stable, canary }: Sides): CanarySplit {
  const { percent, routedPercent, mirrorPercent } = status;
  const [isStableReady, isCanaryReady] = [isReady(stable), isReady(canary)];
  const wanted = { stable: status.stable, canary: status.canary };
  if (isStableReady && !isCanaryReady) return { ...wanted, percent: 0, mirrorPercent: 0, beta: false };
  const isHeld = isCanaryReady && !isStableReady && routedPercent !== null && percent < routedPercent;
  // While requests are mirrored no user is to see the canary's answers, nor is who asks for it.
  const beta = status.analysis !== null && mirrorPercent === 0;
  return { ...wanted, percent: isHeld ? routedPercent : percent, mirrorPercent, beta };
}

function isReady(slot: Sides['stable']): boolean {
  return slot !== null && slot.readyReplicas > 0;
}
