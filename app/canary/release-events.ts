import type { CanaryReleaseStatus } from '../../contract/index.js';
import type { ReleaseEvent } from './release-cluster.js';

/** What people are told of a change: that a release begins, goes on, ends, and that the stable release was changed with no canary before it. */
export function eventsOf(before: CanaryReleaseStatus | undefined, after: CanaryReleaseStatus): readonly ReleaseEvent[] {
  return [...stableEvents(before, after), ...phaseEvents(before, after)];
}

function phaseEvents(before: CanaryReleaseStatus | undefined, after: CanaryReleaseStatus): readonly ReleaseEvent[] {
  const { phase, percent, reason, canary } = after;
  if (phase !== before?.phase) {
    if (phase === 'Progressing') return [{ type: 'Normal', reason: 'ReleaseBegun', message: reason }];
    if (phase === 'Promoted') return [{ type: 'Normal', reason: 'Promoted', message: reason }];
    if (phase === 'RolledBack') return [{ type: 'Warning', reason: 'RolledBack', message: `${canary}: ${reason}` }];
    return [];
  }
  if (phase !== 'Progressing') return [];
  if (before.canaryRevision !== after.canaryRevision || (before.analysis !== null && after.analysis === null)) {
    return [{ type: 'Normal', reason: 'ReleaseBegunAnew', message: reason }];
  }
  return percent === before.percent ? [] : [{ type: 'Normal', reason: 'Advanced', message: reason }];
}

function stableEvents(before: CanaryReleaseStatus | undefined, after: CanaryReleaseStatus): readonly ReleaseEvent[] {
  if (!before || before.stable !== after.stable || before.phase === 'Progressing') return [];
  const { stableRevision } = before;
  if (stableRevision === null || stableRevision === after.stableRevision) return [];
  const message = `${after.stable} has all traffic and was changed with no canary before it; ${after.canary} is the slot for the next release.`;
  return [{ type: 'Warning', reason: 'StableChanged', message }];
}
