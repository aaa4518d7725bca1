import { describe, expect, test } from '@jest/globals';
import { translations, translationTime, translator } from '../../test/support/own-contract.js';
import { counter } from './metric.js';
import { availability, BURN_WINDOWS, burningRatio, burnRate, errorRatioOf, latency, slo } from './slo.js';

const german = { name: 'german', of: translator, objective: 0.999, windowDays: 30 };
const answered = availability(translations, { language: 'de' });

describe('an SLO', () => {
  test('burns 14.4, 6, 3 and 1 times as fast as evenly, over the windows of the SRE workbook', () => {
    expect(BURN_WINDOWS.map((window) => burnRate(german, window))).toEqual([14.4, 6, 3, 1]);
    expect(BURN_WINDOWS.map((window) => burningRatio(german, window))).toEqual([0.0144, 0.006, 0.003, 0.001]);
    expect(BURN_WINDOWS.map((window) => burnRate({ windowDays: 7 }, window))).toEqual([3.36, 1.4, 0.7, 0.233333]);
  });

  test('of availability counts failed among all, and is 0 without traffic', () => {
    expect(errorRatioOf(slo({ ...german, indicator: answered }), { job: 'translator' }, 300)).toBe(
      '(sum by (namespace, job) (rate(translations_total{job="translator",language="de"}[300s])) / ' +
        'sum by (namespace, job) (rate(translations_total{job="translator"}[300s]))) >= 0 ' +
        'or 0 * max by (namespace, job) (up{job="translator"} == 1)',
    );
  });

  test('of latency counts what took longer than a bucket’s bound', () => {
    const indicator = latency(translationTime, 10);
    expect(indicator.badRatio({ windowSeconds: 300 })).toBe(
      '1 - sum (rate(translation_seconds_bucket{le=~"10([.]0)?"}[300s])) / sum (rate(translation_seconds_count[300s]))',
    );
  });

  test('of latency is refused where no bucket ends, such as at milliseconds', () => {
    expect(() => latency(translationTime, 2)).toThrow('translation_seconds has no bucket up to 2; it has 0.1, 1, 10.');
    expect(() => latency(translationTime, 1000)).toThrow(RangeError);
  });

  test('is refused of a service that does not emit its metric', () => {
    const indicator = availability(counter({ name: 'songs_total', unit: 'events', help: 'Songs.', labels: ['by'] }), {
      by: 'nobody',
    });
    expect(() => slo({ ...german, indicator })).toThrow(
      'SLO german: translator does not emit songs_total; it emits translations_total, translation_seconds.',
    );
  });

  test.each([0, 1, 99.9])('is refused with an objective of %d', (objective) => {
    expect(() => slo({ ...german, indicator: answered, objective })).toThrow(/not between 0 and 1; 99.9 % is 0.999/);
  });

  test('is refused where its alerts could never fire', () => {
    expect(() => slo({ ...german, indicator: answered, objective: 0.93 })).toThrow(
      /cannot burn 14.4 times as fast.*1.008 bad events of 1: set an objective above 0.930556/,
    );
    expect(slo({ ...german, indicator: answered, objective: 0.94 })).toMatchObject({ objective: 0.94 });
  });
});
