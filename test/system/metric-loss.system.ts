import { describe, expect, test } from '@jest/globals';
import { Autoscaler, LlmService, recordedSeries, recordingRules } from '../../constructs/index.js';
import {
  METRIC_LOSS_ANSWERS,
  namespaceSum,
  type OnMetricLoss,
  SCRAPE_INTERVAL_SECONDS,
  type ScalingMetric,
  serviceRate,
} from '../../contract/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../support/cluster.js';
import {
  backlog,
  behavior,
  letters,
  translationP90,
  translations,
  translator,
  translatorProps,
} from '../support/own-contract.js';
import { constant, fileOf, promtool, type Series, UNTIL_THE_END } from './promtool.js';

const CEILING = 18;
const perService = serviceRate(translations, translator, 75);
const inNamespace = namespaceSum('letters_here', backlog, { box: 'in' });

/** One rule file with every scope and answer, in the order in which Prometheus evaluates them. */
const rules = fileOf('rules.yaml', {
  groups: [
    {
      name: 'scaling',
      rules: [
        { metric: translationP90, job: 'translator' },
        { metric: perService, job: 'translator' },
        { metric: letters, job: 'mailbox' },
        { metric: inNamespace, job: 'mailbox' },
      ].flatMap((recorded) =>
        recordingRules(testPlatform(), {
          ...recorded,
          substitutes: [
            { answer: 'floor', value: 0 },
            { answer: 'ceiling', value: CEILING },
          ],
        }),
      ),
    },
  ],
});

const up = (job: string, pod: string) => `up{namespace="team",job="${job}",pod="${pod}"}`;
const growing = `0+15x${UNTIL_THE_END}`;
const observed = (pod: string): Series =>
  Object.fromEntries([
    [`translations_total{namespace="team",job="translator",pod="${pod}"}`, growing],
    ...[0.1, 1, 10, '+Inf'].map((le) => [
      `translation_seconds_bucket{namespace="team",job="translator",pod="${pod}",le="${le}"}`,
      growing,
    ]),
  ]);
const waiting = 'mailbox_letters{namespace="team",job="mailbox",pod="mailbox-0",box="in"}';

const running: Series = {
  ...observed('a'),
  ...observed('b'),
  [up('translator', 'a')]: constant(1),
  [up('translator', 'b')]: constant(1),
  [waiting]: constant(7),
  [up('mailbox', 'mailbox-0')]: constant(1),
};
const down: Series = Object.fromEntries(
  Object.keys(running)
    .filter((name) => name.startsWith('up'))
    .map((name) => [name, constant(0)]),
);

/** What a metric's series hold, by the pod where there is one, and `undefined` for none. */
function holds(metric: ScalingMetric, answer: OnMetricLoss, series: Series, values: Values, time?: string): string {
  const samples = Object.entries(values).map(([pod, value]) => ({
    labels: metric.scope === 'pod' ? `{pod="${pod}"}` : '{}',
    value,
  }));
  // To a thousandth, which is what Kubernetes counts in.
  const by = metric.scope === 'pod' ? 'pod' : '';
  const expr = `round(sum by (${by}) (${recordedSeries(metric, answer)}{namespace="team"}), 0.001)`;
  return promtool({ rules, series, expr, ...(time && { evalTime: time }) }, samples);
}
type Values = Readonly<Record<string, number>>;

const metrics: readonly [string, ScalingMetric, Values, Values][] = [
  ['of each pod', translationP90, { a: 0.09, b: 0.09 }, { a: CEILING, b: CEILING }],
  ['of a Service', perService, { all: 2 }, { all: CEILING }],
  ['of the cluster', letters, { all: 7 }, { all: CEILING }],
  ['of the namespace', inNamespace, { all: 7 }, { all: CEILING }],
];

describe.each(metrics)('a metric %s', (_, metric, measured, ceiling) => {
  const zero = Object.fromEntries(Object.keys(measured).map((pod) => [pod, 0]));

  test.each(METRIC_LOSS_ANSWERS)('is what was measured, whatever the answer to a loss: %s', (answer) => {
    expect(holds(metric, answer, running, measured)).toBe('');
  });

  test('has no value when it is lost and the answer is to hold', () => {
    expect(holds(metric, 'hold', down, {})).toBe('');
  });

  test('is 0 when it is lost and the answer is the floor', () => {
    expect(holds(metric, 'floor', down, zero)).toBe('');
  });

  test('is what the most replicas could not serve when it is lost and the answer is the ceiling', () => {
    expect(holds(metric, 'ceiling', down, ceiling)).toBe('');
  });

  test('is 0 without traffic, not the ceiling', () => {
    const idle = Object.fromEntries(Object.keys(down).map((name) => [name, constant(1)]));
    expect(holds(metric, 'ceiling', idle, zero)).toBe('');
  });
});

describe('a loss', () => {
  const failing = (upUntil: number): Series => ({
    [waiting]: `7x${upUntil} stale`,
    [up('mailbox', 'mailbox-0')]: `1x${upUntil} 0x${UNTIL_THE_END - upUntil}`,
  });

  test('that is shorter than a minute is none: nothing stands for the metric yet', () => {
    expect(holds(letters, 'ceiling', failing(37), {}, '10m')).toBe('');
    expect(holds(letters, 'ceiling', failing(34), { all: CEILING }, '10m')).toBe('');
  });

  test('of a rate is one at the first scrape that fails: what its last samples still give would fall, and take replicas with it', () => {
    const [series = ''] = Object.keys(observed('a'));
    const until = { [series]: '0+15x35', [up('translator', 'a')]: `1x35 0x${UNTIL_THE_END - 35}` };
    const seconds = (scrapes: number) => `${scrapes * SCRAPE_INTERVAL_SECONDS}s`;
    expect(holds(perService, 'hold', until, { all: 1 }, seconds(35))).toBe('');
    expect(holds(perService, 'hold', until, {}, seconds(36))).toBe('');
  });

  test('of one pod of two leaves the other’s value alone, and no value for the lost one', () => {
    const one = { ...down, ...observed('b'), [up('translator', 'b')]: constant(1) };
    expect(holds(translationP90, 'ceiling', one, { b: 0.09 })).toBe('');
  });

  test('of pods that Prometheus no longer finds cannot be answered: there is no label to put a value to', () => {
    expect(holds(translationP90, 'ceiling', {}, {})).toBe('');
  });
});

describe('KEDA’s one number for a metric of each pod', () => {
  const [query] = kedaQueries();
  const asked = (series: Series, values: readonly number[]) =>
    promtool(
      { rules, series, expr: `round(${query}, 0.001)` },
      values.map((value) => ({ labels: '{}', value })),
    );
  const released = (series: Series): Series =>
    Object.fromEntries(
      Object.entries(series).map(([name, values]) => [name.replace(/^up\{(.*)\}$/, 'up{$1,version="v1"}'), values]),
    );

  test('is what all pods have together', () => {
    expect(asked(released(running), [0.18])).toBe('');
  });

  test('takes a pod that is not reached for one like the others', () => {
    const one = {
      ...released(down),
      ...observed('b'),
      'up{namespace="team",job="translator",pod="b",version="v1"}': constant(1),
    };
    expect(asked(one, [0.18])).toBe('');
  });

  test('leaves out the pods of another release', () => {
    const canary = Object.fromEntries(
      Object.entries(released(running)).map(([name, values]) => [
        name.includes('pod="b"') ? name.replace('version="v1"', 'version="v2"') : name,
        values,
      ]),
    );
    expect(asked(canary, [0.09])).toBe('');
  });

  test('is 0 without traffic, and nothing when no pod is reached: KEDA then falls back', () => {
    const idle = Object.fromEntries(Object.keys(released(down)).map((name) => [name, constant(1)]));
    expect(asked(idle, [0])).toBe('');
    expect(asked(released(down), [])).toBe('');
  });
});

/** What a ScaledObject of the translator asks. */
function kedaQueries(): readonly string[] {
  const chart = emptyChart();
  const platform = testPlatform();
  const { stable } = new LlmService(chart, 'translator', { ...translatorProps, platform, replicas: 'autoscaled' });
  new Autoscaler(chart, 'autoscaler', {
    release: stable,
    minReplicas: 2,
    maxReplicas: 9,
    cpuPercent: 70,
    memoryPercent: 70,
    behavior,
    targets: [{ metric: translationP90, averageValue: 1 }],
    keda: { prometheusUrl: 'http://prometheus' },
  });
  const triggers = at(find(manifestsIn(chart), 'ScaledObject'), 'spec.triggers') as { metadata: { query?: string } }[];
  return triggers.flatMap(({ metadata }) => metadata.query ?? []);
}
