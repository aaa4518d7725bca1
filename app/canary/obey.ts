import { type CanaryCommandVerb, type CanaryReleaseStatus, parseCanaryCommand } from '../../contract/index.js';
import { awaitPromotion } from './await-promotion.js';
import type { Release } from './release-cluster.js';
import type { Sides } from './sight.js';
import { begin, rollBack } from './status-changes.js';

type Status = CanaryReleaseStatus;

/** What somebody has asked for, once; `null` when nobody has. */
export function obey(before: Status, release: Release, sides: Sides, nowMs: number): Status | null {
  const { command: text } = release;
  const command = parseCanaryCommand(text);
  if (text === undefined || command === undefined || text === before.handledCommand) return null;
  const heard = { ...before, handledCommand: text };
  // Meant for another release than the one that stands there: heard, and not followed.
  if (command.revision !== before.canaryRevision) return heard;
  return order(command.verb, heard, release, sides, nowMs);
}

function order(verb: CanaryCommandVerb, status: Status, release: Release, sides: Sides, nowMs: number): Status {
  const { phase, analysis } = status;
  const { canary } = sides;
  if (phase === 'RolledBack' && verb === 'retry' && canary)
    return begin(status, release, canary, nowMs, 'tried again by hand');
  if (phase !== 'Progressing') return status;
  if (verb === 'abort') return rollBack(status, release, 'aborted by hand.', nowMs);
  // What has come into the slot since is none that it was meant for.
  if (verb === 'promote' && canary?.revision === status.canaryRevision)
    return awaitPromotion(
      { ...status, awaits: 'promotion', waitingSinceMs: nowMs },
      release,
      { ...sides, canary },
      nowMs,
    );
  if (verb === 'approve' && analysis) return { ...status, analysis: { ...analysis, approvedStep: analysis.step } };
  return status;
}
