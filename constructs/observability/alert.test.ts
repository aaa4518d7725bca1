import { describe, expect, test } from '@jest/globals';
import { sumOf } from '../../contract/vocabulary/index.js';
import { backlog, letters, translationP90, translations } from '../../test/support/own-contract.js';
import {
  type AlertRule,
  alertsUndelivered,
  metricsApiDown,
  queueNotEmpty,
  renderAlert,
  scalingMetricLost,
  scalingTargetMissed,
  serverErrors,
  spansLost,
  targetDown,
} from './alert.js';

const pod = { metric: translationP90, job: 'translator' };
const shared = { metric: letters, job: 'mailbox' };
const annotations = { summary: 'Odd.', description: 'Something is odd.' };
const all = [
  targetDown({ namespace: 'team' }),
  serverErrors(translations, { namespace: 'team' }, 0.05),
  scalingMetricLost(pod),
  scalingTargetMissed(pod, 1),
  alertsUndelivered(translations, { namespace: 'team' }),
  metricsApiDown({ namespace: 'team', job: 'adapter' }),
  spansLost([translations], { namespace: 'team' }),
  queueNotEmpty(sumOf(backlog, { matchers: { job: 'mailbox' } }), 'jobs.dead'),
];

describe('an alert', () => {
  test.each(all)('says how long, how bad and what: $alert', (alert) => {
    expect(alert.for).toMatch(/^\d+m$/);
    expect(['critical', 'warning']).toContain(alert.labels.severity);
    expect(alert.annotations.summary.length).toBeGreaterThan(0);
    expect(alert.annotations.description.length).toBeGreaterThan(0);
  });

  test('links to its runbook', () => {
    expect(renderAlert(serverErrors(translations, { namespace: 'team' }, 0.05), 'https://wiki.test/runbooks')).toEqual({
      alert: 'ServerErrors',
      expr: expect.any(String),
      for: '10m',
      labels: { severity: 'critical' },
      annotations: {
        summary: expect.any(String),
        description: expect.any(String),
        runbook_url: 'https://wiki.test/runbooks/server-errors.md',
      },
    });
  });

  test('without a runbook does not compile', () => {
    // @ts-expect-error the runbook is missing
    const alert: AlertRule = {
      alert: 'Odd',
      expr: 'vector(1)',
      for: '1m',
      labels: { severity: 'warning' },
      annotations,
    };
    // @ts-expect-error no such runbook
    const other: AlertRule = { ...alert, runbook: 'it-will-be-fine' };
    expect([alert.alert, other.alert]).toEqual(['Odd', 'Odd']);
  });

  test('about errors compares failed with all requests of the same endpoint', () => {
    expect(serverErrors(translations, { namespace: 'team' }, 0.05).expr).toBe(
      'sum by (job) (rate(translations_total{namespace="team",status=~"5.."}[300s])) / sum by (job) (rate(translations_total{namespace="team"}[300s])) > 0.05',
    );
  });

  test('about scaling reads the very series that the autoscaler reads', () => {
    expect(scalingMetricLost(pod).expr).toBe('absent(pod:translation_seconds_p90{job="translator"})');
    expect(scalingMetricLost(pod).annotations.description).toContain('act on it hold their replicas.');
    const substitutes = [{ answer: 'floor', value: 0 }] as const;
    expect(scalingMetricLost({ ...pod, substitutes }).annotations.description).toContain(
      'act on it hold their replicas or go to their floor.',
    );
    expect(scalingTargetMissed(pod, 1).expr).toBe('avg by (job) (pod:translation_seconds_p90{job="translator"}) > 1');
    expect(scalingTargetMissed(shared, 500).expr).toBe('cluster:letters_waiting{job="mailbox"} > 500');
  });
});
