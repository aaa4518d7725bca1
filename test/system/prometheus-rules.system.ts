import { describe, expect, test } from '@jest/globals';
import { recordedNames } from '../../constructs/check/recorded-series.js';
import { recordedSeries } from '../../constructs/observability/recording-rule.js';
import {
  alertmanager,
  alertNotificationsFailed,
  backups,
  canary,
  cronJobMade,
  cronJobScheduled,
  cronJobSucceeded,
  httpRequestDuration,
  httpRequests,
  kubeStateMetrics,
  metricsAdapter,
  otelCollector,
  queueMessagesReady,
  requestLatencyP99,
  spansUnsent,
  taskBacklog,
  taskQueueMessages,
  tasks,
  toldTaskBacklog,
} from '../../contract/index.js';
import { dashboardExpressions } from './dashboard-expressions.js';
import { shippedEnvironments } from './environments.js';
import { promtool as ask, constant, fileOf, rulesOf, type Sample, type Series, UNTIL_THE_END } from './promtool.js';
import { judge } from './tools.js';

const QUIET: Traffic = { requestsPerScrape: 0, slow: false, failing: 0 };
const p99 = recordedSeries(requestLatencyP99);
const backlog = recordedSeries(taskBacklog);
const [firstQueue] = tasks.queues;

const environments = shippedEnvironments().map((environment) => ({ ...environment, rules: rulesOf(environment) }));

test.each(environments)('Prometheus understands the rules of $name', ({ rules }) => {
  const { status, stderr } = judge('promtool', ['check', 'rules', fileOf('rules.yaml', rules)]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe.each(environments)('the dashboards of $name', ({ name, objects, rules }) => {
  const shown = dashboardExpressions(objects);

  test('are there where they are wanted', () =>
    expect(shown.length > 0).toBe(['staging', 'production'].includes(name)));

  test('ask what Prometheus understands', () => {
    const asked = shown.map(({ expr }, i) => ({ record: `dashboard:expression:${i}`, expr }));
    const file = fileOf('dashboards.yaml', { groups: [{ name: 'dashboards', rules: asked }] });
    const { status, stderr } = judge('promtool', ['check', 'rules', '--lint=none', file]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('read no recorded series that no rule makes', () => {
    const recorded = rules.groups.flatMap((group) => group.rules).flatMap(({ record }) => record ?? []);
    const read = new Set(shown.flatMap(({ expr }) => recordedNames(expr)));
    expect([...read].filter((series) => !recorded.includes(series))).toEqual([]);
  });
});

test('an expression that Prometheus does not understand is found', () => {
  const rules = [{ record: 'dashboard:expression:0', expr: 'sum by (job (up)' }];
  const file = fileOf('dashboards.yaml', { groups: [{ name: 'dashboards', rules }] });
  expect(judge('promtool', ['check', 'rules', file]).status).not.toBe(0);
});

// What scales has all rules; the smaller environments have some of the same.
const production = environments.filter(({ name }) => name === 'production');

describe.each(production)('in $name', ({ namespace, rules }) => {
  const file = fileOf('rules.yaml', rules);
  const ruled = rules.groups.flatMap((group) => group.rules);
  const scaledJobs = ruled.flatMap(({ record, labels }) => (record === p99 ? (labels.job ?? []) : []));
  const perPod = `${p99}{job="chat"}`;

  const chat = (traffic: Partial<Traffic>, pod?: string) => service(namespace, 'chat', { ...QUIET, ...traffic }, pod);
  const unreached = { [up(namespace, 'chat')]: constant(0) };
  const queues = (depths: { waiting: number; dead: number }) => broker(namespace, depths);
  const receiver = (failing: number): Series => ({
    [`${alertNotificationsFailed.name}{namespace="${namespace}",job="${alertmanager.name}",integration="webhook"}`]: `0+${failing}x${UNTIL_THE_END}`,
  });
  const unsent: Series = {
    [`${spansUnsent.name}{namespace="${namespace}",job="${otelCollector.name}",exporter="otlphttp"}`]: `0+10x${UNTIL_THE_END}`,
  };
  const backup = (hoursAgo: { begun: number; good: number }, name: string = backups.rabbitmq.name): Series => {
    const of = ({ name: metric }: { readonly name: string }) =>
      `${metric}{namespace="${namespace}",job="${kubeStateMetrics.name}",pod="${kubeStateMetrics.name}-1",cronjob="${name}"}`;
    return {
      [of(cronJobMade)]: constant(-1_000_000),
      [of(cronJobScheduled)]: constant(-3600 * hoursAgo.begun),
      [of(cronJobSucceeded)]: constant(-3600 * hoursAgo.good),
    };
  };
  const saved = { begun: 4, good: 3 };
  const healthy: Series = {
    ...backup(saved, backups.rabbitmq.name),
    ...backup(saved, backups.qdrant.name),
    ...Object.fromEntries(scaledJobs.map((job) => [up(namespace, job), constant(1)])),
    ...chat({ requestsPerScrape: 10 }),
    ...queues({ waiting: 0, dead: 0 }),
    [up(namespace, metricsAdapter.name)]: constant(1),
    // Without a release under way its controller tells no floors, and is asked for none.
    [up(namespace, canary.name)]: constant(1),
  };

  test.each<[string, Series, string[]]>([
    ['nothing, when nothing is wrong', {}, []],
    ['nothing, when there is no traffic', chat({}), []],
    [
      'TargetDown, when one of two pods is not reached',
      { [up(namespace, 'chat', 'chat-2')]: constant(0) },
      ['TargetDown'],
    ],
    ['ServerErrors, when one request in ten fails', chat({ requestsPerScrape: 100, failing: 10 }), ['ServerErrors']],
    ['AlertsUndelivered, when a receiver does not take them', receiver(1), ['AlertsUndelivered']],
    ['SpansLost, when the tracing back end takes none', unsent, ['SpansLost']],
    ['nothing, when a receiver takes them', receiver(0), []],
    ['DeadLetters, when a task has failed for good', queues({ waiting: 0, dead: 1 }), ['DeadLetters']],
    [
      'ScalingTargetMissed and ErrorBudgetBurn, when pods stay slow',
      chat({ requestsPerScrape: 100, slow: true }),
      ['ErrorBudgetBurn', 'ScalingTargetMissed'],
    ],
    ['ScalingTargetMissed, when tasks pile up', queues({ waiting: 100_000, dead: 0 }), ['ScalingTargetMissed']],
    [
      'MetricsApiDown, when no pod of the adapter answers',
      { [up(namespace, metricsAdapter.name)]: constant(0) },
      ['MetricsApiDown', 'TargetDown'],
    ],
    ['nothing, while a backup is on its way', backup({ begun: 1, good: 24 }), []],
    ['BackupFailed, when a backup has not ended well in its time', backup({ begun: 4, good: 20 }), ['BackupFailed']],
    [
      'BackupFailed and BackupOverdue, when none has for more than a day',
      backup({ begun: 10, good: 40 }),
      ['BackupFailed', 'BackupOverdue'],
    ],
    [
      'BackupOverdue, when the CronJob is gone',
      Object.fromEntries(Object.keys(backup(saved)).map((series) => [series, `_x${UNTIL_THE_END}`])),
      ['BackupOverdue'],
    ],
    ['ScalingMetricLost, when no pod is reached', unreached, ['ScalingMetricLost', 'TargetDown']],
  ])('fires %s', (_, series, alerts) => {
    const samples = alerts.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 }));
    const firing = 'max by (alertname) (ALERTS{alertstate="firing"})';
    expect(
      promtool(file, { ...(series === unreached ? withoutChat(healthy) : healthy), ...series }, firing, samples, '40m'),
    ).toBe('');
  });

  test('every alert is shown to fire', () => {
    const names = new Set(ruled.flatMap(({ alert }) => alert ?? []));
    expect([...names].sort()).toEqual([
      'AlertsUndelivered',
      'BackupFailed',
      'BackupOverdue',
      'DeadLetters',
      'ErrorBudgetBurn',
      'MetricsApiDown',
      'ScalingMetricLost',
      'ScalingTargetMissed',
      'ServerErrors',
      'SpansLost',
      'TargetDown',
    ]);
  });

  test('the p99 of a pod without traffic is 0', () => {
    expect(promtool(file, chat({}), perPod, [podValue(namespace, 'chat-1', 0)])).toBe('');
  });

  test('the p99 under load is one value for each pod, in seconds', () => {
    const series = { ...chat({ requestsPerScrape: 100, slow: true }), ...chat({}, 'chat-2') };
    // All requests took between 4.3 and 5 s: the 99th percentile stands at 99 % of that bucket.
    const thousandths = `floor(1000 * ${perPod} + 0.5)`;
    const samples = [podValue(namespace, 'chat-1', 4993), podValue(namespace, 'chat-2', 0)];
    expect(
      promtool(
        file,
        series,
        thousandths,
        samples.map((one) => ({ ...one, labels: one.labels.slice(p99.length) })),
      ),
    ).toBe('');
  });

  test('the p99 is absent, not 0, when the pod is not reached: the autoscaler then holds', () => {
    expect(promtool(file, unreached, perPod, [])).toBe('');
  });

  test('the backlog sums the work queues and leaves out the dead letters', () => {
    const labels = `${backlog}{job="rabbitmq", namespace="${namespace}"}`;
    expect(promtool(file, queues({ waiting: 7, dead: 100 }), backlog, [{ labels, value: 7 }])).toBe('');
  });

  test.each<[string, Readonly<Record<string, readonly number[]>>, number | undefined]>([
    ['counts no queue twice that several workers tell of', { 'worker-1': [7, 3], 'worker-2': [7, 2] }, 10],
    ['is 0 where the queues are empty', { 'worker-1': [0, 0] }, 0],
    ['is absent, not 0, where no worker can tell', { 'worker-1': [] }, undefined],
  ])('the backlog that workers tell %s', (_, told, value) => {
    const queues = [firstQueue?.name ?? '', tasks.queues[1]?.name ?? ''];
    const series = Object.entries(told).flatMap(([pod, lengths]) => [
      [up(namespace, 'worker', pod), constant(1)],
      [lengthOf(pod, tasks.deadLetterQueue), constant(100)],
      ...lengths.map((length, i) => [lengthOf(pod, queues[i] ?? ''), constant(length)]),
    ]);
    const expr = toldTaskBacklog.expression({ namespace, job: 'worker' });
    const samples = value === undefined ? [] : [{ labels: `{namespace="${namespace}"}`, value }];
    expect(promtool(file, Object.fromEntries(series), expr, samples)).toBe('');

    function lengthOf(pod: string, queue: string): string {
      return `${taskQueueMessages.name}{namespace="${namespace}",job="worker",pod="${pod}",queue="${queue}"}`;
    }
  });

  test('a value that is wrong is not taken for right', () => {
    expect(promtool(file, chat({}), perPod, [podValue(namespace, 'chat-1', 1)])).toContain('FAILED');
  });
});

interface Traffic {
  readonly requestsPerScrape: number;
  /** Whether every request takes between 4.3 and 5 s, or less than the least bucket. */
  readonly slow: boolean;
  /** Of the requests of a scrape. */
  readonly failing: number;
}

/** A target that is not reached gives no series but `up`. */
function withoutChat(series: Series): Series {
  return Object.fromEntries(Object.entries(series).filter(([name]) => !name.includes('job="chat"')));
}

function up(namespace: string, job: string, pod = `${job}-1`): string {
  return `up{namespace="${namespace}",job="${job}",pod="${pod}"}`;
}

function service(
  namespace: string,
  job: string,
  { requestsPerScrape, slow, failing }: Traffic,
  pod = `${job}-1`,
): Series {
  const labels = `namespace="${namespace}",job="${job}",pod="${pod}",method="POST",endpoint="/"`;
  const growing = (step: number) => `0+${step}x${UNTIL_THE_END}`;
  const buckets = [...httpRequestDuration.buckets, Number.POSITIVE_INFINITY].map((edge) => [
    `${httpRequestDuration.name}_bucket{${labels},le="${edge === Number.POSITIVE_INFINITY ? '+Inf' : edge}"}`,
    growing(slow && edge < 5 ? 0 : requestsPerScrape),
  ]);
  return {
    [up(namespace, job, pod)]: constant(1),
    ...Object.fromEntries(buckets),
    [`${httpRequestDuration.name}_count{${labels}}`]: growing(requestsPerScrape),
    [`${httpRequests.name}{${labels},status="200"}`]: growing(requestsPerScrape - failing),
    [`${httpRequests.name}{${labels},status="500"}`]: growing(failing),
  };
}

function broker(namespace: string, { waiting, dead }: { waiting: number; dead: number }): Series {
  const of = (queue: string) =>
    `${queueMessagesReady.name}{namespace="${namespace}",job="rabbitmq",pod="rabbitmq-0",queue="${queue}",vhost="/"}`;
  return {
    [up(namespace, 'rabbitmq', 'rabbitmq-0')]: constant(1),
    [of(firstQueue?.name ?? '')]: constant(waiting),
    [of(tasks.deadLetterQueue)]: constant(dead),
  };
}

function podValue(namespace: string, pod: string, value: number) {
  return { labels: `${p99}{job="chat", namespace="${namespace}", pod="${pod}"}`, value };
}

function promtool(rules: string, series: Series, expr: string, samples: readonly Sample[], evalTime = '10m'): string {
  return ask({ rules, series, expr, evalTime }, samples);
}
