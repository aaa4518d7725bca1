import { type CanaryCommandVerb, type CanaryReleaseStatus, parseCanaryCommand } from '../../contract/index.js';
import type { Sample } from './canary-metrics.js';
import { decide } from './decide.js';
import type { Release, Slot } from './release-cluster.js';
import { beginRelease, type ReleaseState, stepAt } from './release-state.js';
import { stepName } from './release-steps.js';

/** What was seen of a release at one look. */
export interface Sight {
  readonly stable: Slot | null;
  readonly canary: Slot | null;
  /** `null` when nothing could be measured, `undefined` when no measurement is due. */
  readonly sample: Sample | null | undefined;
}

type Status = CanaryReleaseStatus;

const NONE = { percent: 0, mirrorPercent: 0 };

/** Where a release stands before anybody has looked at it: all traffic at the first slot. */
export function initialStatus({ spec, generation }: Release, { stable, canary }: Sight, nowMs: number): Status {
  const [first, second] = spec.slots;
  if (!first || !second) throw new RangeError(`${spec.service} has ${spec.slots.length} slots, and needs two.`);
  const isSame = canary !== null && stable !== null && `${canary.images}` === `${stable.images}`;
  return {
    phase: 'Idle',
    observedGeneration: generation,
    stable: first.version,
    canary: second.version,
    percent: 0,
    mirrorPercent: 0,
    routedPercent: null,
    verdict: 'hold',
    reason: isSame
      ? `${second.version} has the images of ${first.version}: nothing to release.`
      : 'seen for the first time.',
    decidedAt: new Date(nowMs).toISOString(),
    stableRevision: stable?.revision ?? null,
    canaryRevision: isSame ? canary.revision : null,
    handledCommand: null,
    waitingSinceMs: null,
    analysis: null,
  };
}

/**
 * Where a release stands after one more look. Begins with whatever is new in the canary's slot; begins anew when the canary, the stable
 * release or the policy changes under way; ends by the verdict, by hand, or when the canary is deleted. Promotion changes the roles of
 * the slots, so that the next release can come into the one that has become free.
 */
export function nextStatus(release: Release, sight: Sight, nowMs: number): Status {
  const before = release.status ?? initialStatus(release, sight, nowMs);
  const ordered = obey(before, release, sight, nowMs);
  if (ordered !== null) return ordered;
  return before.phase === 'Progressing' ? progress(before, release, sight, nowMs) : rest(before, release, sight, nowMs);
}

/** What somebody has asked for, once; `null` when nobody has. */
function obey(before: Status, release: Release, sight: Sight, nowMs: number): Status | null {
  const { command: text } = release;
  const command = parseCanaryCommand(text);
  if (text === undefined || command === undefined || text === before.handledCommand) return null;
  const heard = { ...before, handledCommand: text };
  // Meant for another release than the one that stands there: heard, and not followed.
  if (command.revision !== before.canaryRevision) return heard;
  return order(command.verb, heard, release, sight, nowMs);
}

function order(verb: CanaryCommandVerb, status: Status, release: Release, { canary }: Sight, nowMs: number): Status {
  const { phase, analysis } = status;
  if (phase === 'RolledBack' && verb === 'retry' && canary)
    return begin(status, release, canary, nowMs, 'tried again by hand');
  if (phase !== 'Progressing') return status;
  if (verb === 'abort') return rollBack(status, 'aborted by hand.', nowMs);
  if (verb === 'promote' && canary && canary.readyReplicas > 0) return promote(status, 'promoted by hand.', nowMs);
  if (verb === 'approve' && analysis) return { ...status, analysis: { ...analysis, approvedStep: analysis.step } };
  return status;
}

/** Nothing is under way: waits for something new in the canary's slot. */
function rest(before: Status, release: Release, { stable, canary }: Sight, nowMs: number): Status {
  const { generation: observedGeneration } = release;
  const status = { ...before, observedGeneration, stableRevision: stable?.revision ?? before.stableRevision };
  if (canary === null) {
    const gone = before.phase === 'RolledBack' ? before.canaryRevision : null;
    return { ...status, canaryRevision: gone };
  }
  if (canary.revision === before.canaryRevision) return status;
  return begin(status, release, canary, nowMs, `${canary.images.join(', ')} is new`);
}

function progress(before: Status, release: Release, sight: Sight, nowMs: number): Status {
  const { stable, canary } = sight;
  if (stable === null) {
    return held(
      before,
      `${before.stable}, the stable release, is not deployed: all stays as it is until it comes back.`,
      nowMs,
    );
  }
  if (canary === null) return rollBack(before, `${before.canary} was deleted.`, nowMs);
  const changed = changeOf(before, release, stable, canary);
  if (changed !== null) {
    return begin({ ...before, stableRevision: stable.revision }, release, canary, nowMs, changed);
  }
  if (before.analysis === null) return awaitReady(before, release, canary, nowMs);
  if (sight.sample === undefined) return before;
  // Nobody answers: whatever was measured is of pods that are gone.
  const sample = canary.readyReplicas > 0 ? sight.sample : null;
  return judge(before, { ...before.analysis, ended: null }, release, sample, nowMs);
}

/** What makes all that was measured worthless, if anything has. */
function changeOf(before: Status, { generation }: Release, stable: Slot, canary: Slot): string | null {
  if (canary.revision !== before.canaryRevision) return `${before.canary} was changed under way`;
  if (before.stableRevision !== null && stable.revision !== before.stableRevision) {
    return `${before.stable}, the stable release, was changed under way`;
  }
  return generation === before.observedGeneration ? null : 'what it is judged by was changed under way';
}

function awaitReady(before: Status, release: Release, canary: Slot, nowMs: number): Status {
  const since = before.waitingSinceMs ?? nowMs;
  const seconds = (nowMs - since) / 1000;
  const { maxBlindSeconds, scrapeSeconds } = release.spec.policy;
  if (canary.readyReplicas === 0) {
    const reason = `${before.canary} has no ready pod for ${seconds.toFixed(0)} s (at most ${maxBlindSeconds} s).`;
    return seconds > maxBlindSeconds ? rollBack(before, reason, nowMs) : held(before, reason, nowMs);
  }
  // A measurement reaches back by a scrape: what stood in the slot before would be counted for the canary.
  if (seconds < scrapeSeconds) return before;
  const state = beginRelease(nowMs);
  const step = stepAt(state, release.spec.policy);
  const reason = `${before.canary} is ready: on to ${stepName(step)}.`;
  return {
    ...before,
    waitingSinceMs: null,
    ...step,
    verdict: 'advance',
    reason,
    decidedAt: iso(nowMs),
    analysis: kept(state),
  };
}

function judge(before: Status, state: ReleaseState, release: Release, sample: Sample | null, nowMs: number): Status {
  const policy = { ...release.spec.policy, stableVersion: before.stable, canaryVersion: before.canary };
  const { state: next, verdict, reason } = decide(state, sample, nowMs, policy);
  if (verdict === 'rollback') return rollBack(before, reason, nowMs);
  if (verdict === 'promoted') return promote(before, reason, nowMs);
  return { ...before, ...stepAt(next, policy), verdict, reason, decidedAt: iso(nowMs), analysis: kept(next) };
}

function begin(before: Status, release: Release, canary: Slot, nowMs: number, why: string): Status {
  return {
    ...before,
    phase: 'Progressing',
    observedGeneration: release.generation,
    ...NONE,
    verdict: 'hold',
    reason: `${why}: waits for ${before.canary} to be ready.`,
    decidedAt: iso(nowMs),
    canaryRevision: canary.revision,
    waitingSinceMs: nowMs,
    analysis: null,
  };
}

function rollBack(before: Status, reason: string, nowMs: number): Status {
  const ended = { waitingSinceMs: null, analysis: null, decidedAt: iso(nowMs) };
  return { ...before, ...ended, phase: 'RolledBack', ...NONE, verdict: 'rollback', reason };
}

/** The slots change roles: what was the canary is stable, and the next release comes into the slot of the old one. */
function promote(before: Status, reason: string, nowMs: number): Status {
  return {
    ...before,
    phase: 'Promoted',
    stable: before.canary,
    canary: before.stable,
    ...NONE,
    routedPercent: before.routedPercent === null ? null : 100 - before.routedPercent,
    verdict: 'promoted',
    reason,
    decidedAt: iso(nowMs),
    stableRevision: before.canaryRevision,
    canaryRevision: before.stableRevision,
    waitingSinceMs: null,
    analysis: null,
  };
}

function held(before: Status, reason: string, nowMs: number): Status {
  return { ...before, verdict: 'hold', reason, decidedAt: iso(nowMs) };
}

function kept({ ended: _, ...state }: ReleaseState): NonNullable<Status['analysis']> {
  return state;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
