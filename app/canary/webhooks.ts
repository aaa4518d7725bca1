import type { CanaryReleaseStatus, CanaryWebhook } from '../../contract/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Release } from './release-cluster.js';

/** What a webhook is told. */
export interface WebhookCall {
  readonly type: CanaryWebhook['type'];
  readonly release: string;
  readonly phase: CanaryReleaseStatus['phase'];
  readonly stable: string;
  readonly canary: string;
  /** Of the canary. */
  readonly revision: string | null;
  readonly percent: number;
  readonly reason: string;
}

/** Where others are asked about a release. */
export interface Webhooks {
  /** @throws unless it says yes within its time: with any answer of 2xx */
  call(webhook: CanaryWebhook, call: WebhookCall): Promise<void>;
}

/** What the webhooks of one type said: `null` where all said yes, else which did not, and why. */
export interface WebhookAnswer {
  readonly refused: string | null;
}

/** Asks all webhooks that the release waits for. */
export async function askWebhooks(
  { name, spec }: Release,
  type: CanaryWebhook['type'],
  { phase, stable, canary, canaryRevision: revision, percent, reason }: CanaryReleaseStatus,
  { webhooks, logger }: { readonly webhooks: Webhooks; readonly logger: Logger },
): Promise<WebhookAnswer> {
  const asked = spec.webhooks.filter((one) => one.type === type);
  const call = { type, release: name, phase, stable, canary, revision, percent, reason };
  const answers = await Promise.allSettled(asked.map((webhook) => webhooks.call(webhook, call)));
  const refusals = answers.flatMap((answer, i) => {
    if (answer.status === 'fulfilled') return [];
    logger.warn({ err: answer.reason, release: name, webhook: asked[i]?.name }, 'a webhook did not say yes');
    return [`${asked[i]?.name} ${answer.reason instanceof Error ? answer.reason.message : String(answer.reason)}`];
  });
  return { refused: refusals.length === 0 ? null : refusals.join('; ') };
}
