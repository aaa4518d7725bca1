import type { CanaryReleaseStatus } from '../../contract/index.js';
import { awaitPods } from './await-pods.js';
import { awaitPromotion } from './await-promotion.js';
import { awaitWebhooks } from './await-webhooks.js';
import type { Sample } from './canary-metrics.js';
import { decide } from './decide.js';
import { obey } from './obey.js';
import type { Release, Slot } from './release-cluster.js';
import { beginRelease, type ReleaseState, stepAt } from './release-state.js';
import { stepName } from './release-steps.js';
import type { Sight } from './sight.js';
import { begin, held, initialStatus, iso, promote, rollBack } from './status-changes.js';
import type { WebhookAnswer } from './webhooks.js';

type Status = CanaryReleaseStatus;
type Judged = Status & { readonly analysis: NonNullable<Status['analysis']> };
/** What was seen when a measurement was due, of a canary that is there. */
type Due = Pick<Sight, 'webhooks'> & { readonly canary: Slot; readonly sample: Sample | null };

const NOTHING_AWAITED = { awaits: undefined, waitingSinceMs: null };

/**
 * Where a release stands after one more look. Begins with whatever is new in the canary's slot; begins anew when the canary, the stable
 * release or the policy changes under way; ends by the verdict, by hand, or when the canary is deleted. Promotion changes the roles of
 * the slots, so that the next release can come into the one that has become free.
 */
export function nextStatus(release: Release, sight: Sight, nowMs: number): Status {
  const before = release.status ?? initialStatus(release, sight, nowMs);
  const next = obey(before, release, sight, nowMs) ?? goOn(before, release, sight, nowMs);
  if (next.phase !== 'Progressing') return next;
  // The traffic may grow in a release: then so do the pods that bear it.
  return { ...next, bearingReplicas: Math.max(next.bearingReplicas, sight.stable?.readyReplicas ?? 0) };
}

function goOn(before: Status, release: Release, sight: Sight, nowMs: number): Status {
  return before.phase === 'Progressing' ? progress(before, release, sight, nowMs) : rest(before, release, sight, nowMs);
}

/** Nothing is under way: waits for something new in the canary's slot, and has those told who want to know of the end of the last. */
function rest(before: Status, release: Release, { stable, canary, webhooks }: Sight, nowMs: number): Status {
  const { generation: observedGeneration } = release;
  const status = {
    ...before,
    ...(isTold(before, release, webhooks, nowMs) && { awaits: undefined, waitingSinceMs: null }),
    observedGeneration,
    stableRevision: stable?.revision ?? before.stableRevision,
  };
  if (canary === null) {
    const gone = before.phase === 'RolledBack' ? before.canaryRevision : null;
    return { ...status, canaryRevision: gone };
  }
  if (canary.revision === before.canaryRevision) return status;
  return begin(status, release, canary, nowMs, `${canary.images.join(', ')} is new`);
}

/** Nobody waits for an end to be told, or nobody will any more: after the bound it is given up. */
function isTold(
  { waitingSinceMs }: Status,
  { spec }: Release,
  answer: WebhookAnswer | undefined,
  nowMs: number,
): boolean {
  const isLate = nowMs - (waitingSinceMs ?? nowMs) > spec.policy.maxBlindSeconds * 1000;
  return answer !== undefined && (answer.refused === null || isLate);
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
  if (canary === null) return rollBack(before, release, `${before.canary} was deleted.`, nowMs);
  const changed = changeOf(before, release, stable, canary);
  if (changed !== null) {
    return begin({ ...before, stableRevision: stable.revision }, release, canary, nowMs, changed);
  }
  if (before.awaits !== 'promotion') return goOnByItself(before, release, { ...sight, canary }, nowMs);
  const waiting = awaitPromotion(before, release, { stable, canary }, nowMs);
  const isJudged = waiting.phase === 'Progressing' && waiting.analysis !== null;
  return isJudged ? goOnByItself(waiting, release, { ...sight, canary }, nowMs) : waiting;
}

/** Nobody has a hand in it: it is judged once it has begun. */
function goOnByItself(
  before: Status,
  release: Release,
  sight: Sight & { readonly canary: Slot },
  nowMs: number,
): Status {
  const { analysis } = before;
  const { canary } = sight;
  if (analysis === null) return awaitReady(before, release, canary, sight, nowMs);
  if (sight.sample === undefined) return before;
  // Nobody answers: whatever was measured is of pods that are gone.
  const sample = canary.readyReplicas > 0 ? sight.sample : null;
  return judge({ ...before, analysis }, release, { ...sight, canary, sample }, nowMs);
}

/** What makes all that was measured worthless, if anything has. */
function changeOf(before: Status, { generation }: Release, stable: Slot, canary: Slot): string | null {
  if (canary.revision !== before.canaryRevision) return `${before.canary} was changed under way`;
  if (before.stableRevision !== null && stable.revision !== before.stableRevision) {
    return `${before.stable}, the stable release, was changed under way`;
  }
  return generation === before.observedGeneration ? null : 'what it is judged by was changed under way';
}

function awaitReady(
  before: Status,
  release: Release,
  canary: Slot,
  { webhooks: answer }: Sight,
  nowMs: number,
): Status {
  const { maxBlindSeconds, scrapeSeconds } = release.spec.policy;
  const state = beginRelease(nowMs);
  const step = stepAt(state, release.spec.policy);
  const lack = awaitPods(before, release, canary, step, nowMs);
  if (lack !== null) return lack;
  // A measurement reaches back by a scrape: what stood in the slot before would be counted for the canary.
  if (before.awaits === 'pods' && nowMs - (before.waitingSinceMs ?? nowMs) < scrapeSeconds * 1000) return before;
  const wait = awaitWebhooks(before, release, { type: 'pre-rollout', answer, boundSeconds: maxBlindSeconds }, nowMs);
  if (wait !== null) return wait;
  const reason = `${before.canary} is ready: on to ${stepName(step)}.`;
  return {
    ...before,
    ...NOTHING_AWAITED,
    ...step,
    verdict: 'advance',
    reason,
    decidedAt: iso(nowMs),
    analysis: analysisOf(state),
  };
}

/** What of a state is remembered: a release that has ended says so by its phase. */
function analysisOf({ ended: _, ...analysis }: ReleaseState): NonNullable<Status['analysis']> {
  return analysis;
}

function judge(before: Judged, release: Release, { canary, sample, webhooks: answer }: Due, nowMs: number): Status {
  const policy = { ...release.spec.policy, stableVersion: before.stable, canaryVersion: before.canary };
  const { state, verdict, reason, unpassed } = decide({ ...before.analysis, ended: null }, sample, nowMs, policy);
  const analysis = analysisOf(state);
  if (verdict === 'rollback') return rollBack(before, release, reason, nowMs);
  // It gets all traffic at once, and until then keeps the share that it has.
  if (before.awaits === 'promotion') return { ...before, analysis: analysisOf(unpassed ?? state) };
  if (verdict === 'promoted') {
    const ask = { type: 'confirm-promotion', answer, boundSeconds: policy.maxIdleSeconds } as const;
    return awaitWebhooks({ ...before, analysis }, release, ask, nowMs) ?? promote(before, release, reason, nowMs);
  }
  const lack =
    unpassed && awaitPods({ ...before, analysis: analysisOf(unpassed) }, release, canary, stepAt(state, policy), nowMs);
  if (lack) return lack;
  const decided = { verdict, reason, decidedAt: iso(nowMs), analysis };
  // A release that is held waits for its webhooks as long as before: a look at which nothing was seen begins no new time for them.
  return { ...before, ...(verdict === 'advance' && NOTHING_AWAITED), ...stepAt(state, policy), ...decided };
}
