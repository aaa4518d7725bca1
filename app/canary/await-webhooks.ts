import type { CanaryReleaseStatus, CanaryWebhook } from '../../contract/index.js';
import type { Release } from './release-cluster.js';
import { held, rollBack } from './status-changes.js';
import type { WebhookAnswer } from './webhooks.js';

type Status = CanaryReleaseStatus;

interface Wait {
  readonly type: CanaryWebhook['type'];
  readonly answer: WebhookAnswer | undefined;
  /** Without a yes for longer, the release is rolled back. */
  readonly boundSeconds: number;
}

/** Where a release stands while its webhooks of a type have not all said yes; `null` once they have, or where there are none. */
export function awaitWebhooks(before: Status, release: Release, wait: Wait, nowMs: number): Status | null {
  const { type, answer, boundSeconds } = wait;
  if (!release.spec.webhooks.some((one) => one.type === type)) return null;
  if (before.awaits !== type) {
    return { ...held(before, `asks the webhooks of ${type}.`, nowMs), awaits: type, waitingSinceMs: nowMs };
  }
  if (answer === undefined) return before;
  if (answer.refused === null) return null;
  const seconds = (nowMs - (before.waitingSinceMs ?? nowMs)) / 1000;
  const reason = `${type}: ${answer.refused}; no yes for ${seconds.toFixed(0)} s (at most ${boundSeconds} s).`;
  return seconds > boundSeconds ? rollBack(before, release, reason, nowMs) : held(before, reason, nowMs);
}
