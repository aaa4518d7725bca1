import * as z from 'zod';
import { type SecretRef, secretPath, secretRef } from '../workload/secret-ref.js';
import type { AlertRule } from './alert.js';

/** Somebody who is told of alerts by an HTTP request. */
export const alertWebhook = z.strictObject({
  /** The address is a secret: whoever knows it may post there. */
  url: secretRef,
  /** Bearer token that the receiver asks for. @default none */
  token: secretRef.optional(),
});
export type AlertWebhook = Readonly<z.infer<typeof alertWebhook>>;

/** Whom each severity tells. */
export type AlertReceivers = Readonly<Record<AlertRule['labels']['severity'], AlertWebhook>>;

/** Every Secret that the receivers need. */
export function receiverSecrets({ critical, warning }: AlertReceivers): readonly SecretRef[] {
  return [critical, warning].flatMap(({ url, token }) => [url, ...(token ? [token] : [])]);
}

/**
 * Alertmanager's configuration: critical alerts at once and again every hour, warnings together and twice a day; a warning says nothing
 * while the same alert about the same thing is critical.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/
 */
export function alertmanagerConfig(receivers: AlertReceivers): object {
  const severity = (name: keyof AlertReceivers) => `severity="${name}"`;
  return {
    route: {
      receiver: 'warning',
      group_by: ['namespace', 'alertname', 'job', 'slo'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '12h',
      routes: [{ receiver: 'critical', matchers: [severity('critical')], group_wait: '10s', repeat_interval: '1h' }],
    },
    inhibit_rules: [
      {
        source_matchers: [severity('critical')],
        target_matchers: [severity('warning')],
        equal: ['namespace', 'alertname', 'job', 'slo'],
      },
    ],
    receivers: Object.entries(receivers).map(([name, webhook]) => ({
      name,
      webhook_configs: [webhookConfig(webhook)],
    })),
  };
}

function webhookConfig({ url, token }: AlertWebhook): object {
  return {
    url_file: secretPath(url),
    send_resolved: true,
    ...(token && { http_config: { authorization: { type: 'Bearer', credentials_file: secretPath(token) } } }),
  };
}
