import type { CanaryWebhook } from '../../../contract/index.js';
import type { WebhookCall, Webhooks } from '../../canary/webhooks.js';

/** Webhooks by a POST of JSON. A redirect is no answer: it would lead past the network policy that was written for the address. */
export const httpWebhooks: Webhooks = {
  async call({ url, timeoutSeconds }: CanaryWebhook, call: WebhookCall): Promise<void> {
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(call),
      redirect: 'manual',
      signal: limit,
    } as const;
    const response = await fetch(url, request).catch((cause: unknown) => {
      throw new Error(limit.aborted ? `did not answer within ${timeoutSeconds} s` : 'could not be reached', { cause });
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`answered ${response.status}`);
  },
};
