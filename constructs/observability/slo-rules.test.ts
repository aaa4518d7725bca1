import { describe, expect, test } from '@jest/globals';
import { availability, slo } from '../../contract/vocabulary/index.js';
import { testPlatform } from '../../test/support/cluster.js';
import { translations, translator } from '../../test/support/own-contract.js';
import { burnRateAlerts, sloRecordingRules } from './slo-rules.js';

const german = slo({
  name: 'german',
  of: translator,
  indicator: availability(translations, { language: 'de' }),
  objective: 0.99,
  windowDays: 30,
});

describe('the rules of an SLO', () => {
  test('record the share of bad events over every window that an alert looks at', () => {
    const rules = sloRecordingRules(testPlatform(), german);
    expect(rules.map(({ record }) => record.replace('slo:error_ratio:rate', ''))).toEqual([
      ...['5m', '30m', '1h', '2h', '6h', '1d', '3d'],
    ]);
    expect(rules.every(({ labels }) => labels.slo === 'german')).toBe(true);
    expect(rules[0]?.expr).toContain('{namespace="team",job="translator",language="de"}[300s]');
  });

  test('page where the budget is gone in days, and wait for the day where it lasts longer', () => {
    expect(burnRateAlerts(german).map(({ labels, expr }) => [labels.severity, expr])).toEqual([
      ['critical', 'slo:error_ratio:rate1h{slo="german"} > 0.144 and slo:error_ratio:rate5m{slo="german"} > 0.144'],
      ['critical', 'slo:error_ratio:rate6h{slo="german"} > 0.06 and slo:error_ratio:rate30m{slo="german"} > 0.06'],
      ['warning', 'slo:error_ratio:rate1d{slo="german"} > 0.03 and slo:error_ratio:rate2h{slo="german"} > 0.03'],
      ['warning', 'slo:error_ratio:rate3d{slo="german"} > 0.01 and slo:error_ratio:rate6h{slo="german"} > 0.01'],
    ]);
  });

  test('tell which promise is broken, and how fast', () => {
    const [fast] = burnRateAlerts(german);
    expect(fast).toMatchObject({
      runbook: 'error-budget-burn',
      labels: { slo: 'german', window: '1h' },
      annotations: {
        summary: 'german: {{ $value | humanizePercentage }} of the requests were not answered without a server error.',
        description:
          'The error budget of 30 days burns 14.4 times as fast as it lasts, over 1h and over 5m: 2 % of it goes in 1h. The objective is 0.99.',
      },
    });
  });
});
