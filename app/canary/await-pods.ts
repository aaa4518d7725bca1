import type { CanaryReleaseStatus } from '../../contract/index.js';
import type { Release, Slot } from './release-cluster.js';
import { podsFor } from './release-floors.js';
import { type ReleaseStep, stepName } from './release-steps.js';
import { held, rollBack } from './status-changes.js';

type Status = CanaryReleaseStatus;

/**
 * Where a release stands while the canary's pods cannot bear the step that comes next, or some of them are still of what stood in its slot before;
 * `null` once they can. Meanwhile the canary keeps the share that it has, and its floor is that of the step.
 */
export function awaitPods(
  before: Status,
  release: Release,
  canary: Slot,
  step: ReleaseStep,
  nowMs: number,
): Status | null {
  const { readyReplicas, isRolledOut } = canary;
  const wanted = podsFor(step, release.spec, before);
  if (isRolledOut && readyReplicas >= wanted) return null;
  const { maxBlindSeconds } = release.spec.policy;
  // Pods that come and go while its webhooks are asked begin no new time, neither for them nor for the webhooks.
  const { awaits = 'pods' } = before;
  const since = (before.awaits === undefined ? null : before.waitingSinceMs) ?? nowMs;
  const seconds = (nowMs - since) / 1000;
  const missing = isRolledOut
    ? `has ${readyReplicas} of ${wanted} ready pods for ${stepName(step)}`
    : 'is still being rolled out';
  const reason = `${before.canary} ${missing} after ${seconds.toFixed(0)} s (at most ${maxBlindSeconds} s).`;
  if (seconds > maxBlindSeconds) return rollBack(before, release, reason, nowMs);
  return { ...held(before, reason, nowMs), awaits, waitingSinceMs: since };
}
