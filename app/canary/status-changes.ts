import type { CanaryReleaseStatus } from '../../contract/index.js';
import type { Release, Slot } from './release-cluster.js';
import type { Sides } from './sight.js';

type Status = CanaryReleaseStatus;

const NO_SHARE = { percent: 0, mirrorPercent: 0 };

/** Where a release stands before anybody has looked at it: all traffic at the first slot. */
export function initialStatus({ spec, generation }: Release, { stable, canary }: Sides, nowMs: number): Status {
  const [first, second] = spec.slots;
  if (!first || !second) throw new RangeError(`${spec.service} has ${spec.slots.length} slots, and needs two.`);
  const isSame = canary !== null && stable !== null && `${canary.images}` === `${stable.images}`;
  return {
    phase: 'Idle',
    observedGeneration: generation,
    stable: first.version,
    canary: second.version,
    ...NO_SHARE,
    routedPercent: null,
    bearingReplicas: 0,
    verdict: 'hold',
    reason: isSame
      ? `${second.version} has the images of ${first.version}: nothing to release.`
      : 'seen for the first time.',
    decidedAt: iso(nowMs),
    stableRevision: stable?.revision ?? null,
    canaryRevision: isSame ? canary.revision : null,
    handledCommand: null,
    waitingSinceMs: null,
    awaits: undefined,
    analysis: null,
  };
}

/** A release comes under way, or anew; it waits for its pods first. */
export function begin(before: Status, release: Release, canary: Slot, nowMs: number, why: string): Status {
  return {
    ...before,
    phase: 'Progressing',
    observedGeneration: release.generation,
    ...NO_SHARE,
    verdict: 'hold',
    reason: `${why}: waits for ${before.canary} to be ready.`,
    decidedAt: iso(nowMs),
    canaryRevision: canary.revision,
    waitingSinceMs: nowMs,
    awaits: 'pods',
    analysis: null,
  };
}

export function rollBack(before: Status, release: Release, reason: string, nowMs: number): Status {
  return { ...before, ...ended(release, nowMs), phase: 'RolledBack', verdict: 'rollback', reason };
}

/** The slots change roles: what was the canary is stable, and the next release comes into the slot of the old one. */
export function promote(before: Status, release: Release, reason: string, nowMs: number): Status {
  return {
    ...before,
    ...ended(release, nowMs),
    phase: 'Promoted',
    stable: before.canary,
    canary: before.stable,
    routedPercent: before.routedPercent === null ? null : 100 - before.routedPercent,
    verdict: 'promoted',
    reason,
    stableRevision: before.canaryRevision,
    canaryRevision: before.stableRevision,
  };
}

/** It stays where it is, and says why. */
export function held(before: Status, reason: string, nowMs: number): Status {
  return { ...before, verdict: 'hold', reason, decidedAt: iso(nowMs) };
}

/** What every end has in common: those who want to be told of it are due. */
function ended({ spec }: Release, nowMs: number) {
  const isAwaited = spec.webhooks.some(({ type }) => type === 'post-rollout');
  return {
    ...NO_SHARE,
    bearingReplicas: 0,
    awaits: isAwaited ? ('post-rollout' as const) : undefined,
    waitingSinceMs: isAwaited ? nowMs : null,
    analysis: null,
    decidedAt: iso(nowMs),
  };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
