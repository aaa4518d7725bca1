import { describe, expect, test } from '@jest/globals';
import { App } from 'cdk8s';
import { type Dashboard, errorRatioSeries, ratePanel, serverErrorRatio } from '../../constructs/index.js';
import {
  BURN_WINDOWS,
  baselineQueries,
  cacheRequests,
  canaryPolicy,
  httpRequests,
  llmCost,
  llmTokens,
  queueMessagesReady,
  requestLatencyP99,
  sampleQueries,
  services,
  slos,
  sumOf,
  tasks,
} from '../../contract/index.js';
import { Local, Production } from '../environments/index.js';
import type { DashboardSources } from './index.js';

const { grafana, autoscalers } = new Production(new App({ outdir: '.' }));
const panels = (grafana?.dashboards ?? []).flatMap(({ id, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ id, row: row.title, ...panel }))),
);
const expressions = panels.flatMap(({ queries }) => queries.map(({ expr }) => expr));

describe('production’s dashboards', () => {
  test('are those of the platform, its queues, models, autoscalers and canary', () => {
    expect(grafana?.dashboards.map(({ id }) => id)).toEqual(['overview', 'queues', 'llm', 'autoscaling', 'canary']);
  });

  test('show of every service requests, errors and duration', () => {
    for (const { name } of Object.values(services)) {
      const row = panels.filter((panel) => panel.id === 'overview' && panel.row === name);
      expect(row.map(({ unit }) => unit)).toEqual(['requests per second', 'ratio', 'seconds']);
    }
  });

  test('show the errors by the alert’s own expression, and 0 without any', () => {
    const matchers = { namespace: 'armature', job: 'chat' };
    expect(expressions).toContain(
      `(${serverErrorRatio(httpRequests, matchers)}) >= 0 or 0 * max by (job) (up{namespace="armature",job="chat"} == 1)`,
    );
  });

  test('show the p99 by the expression that scales', () => {
    expect(expressions).toContain(requestLatencyP99.expression({ namespace: 'armature', job: 'chat' }));
  });

  test('show every objective by the series that its alert reads', () => {
    for (const { name } of slos) {
      expect(expressions).toContain(`${errorRatioSeries(BURN_WINDOWS[0].longSeconds)}{slo="${name}"}`);
    }
  });

  test('show the dead letters by what their alert counts', () => {
    const matchers = { namespace: 'armature', job: 'rabbitmq', queue: tasks.deadLetterQueue };
    expect(expressions).toContain(sumOf(queueMessagesReady, { matchers }));
  });

  test('show tokens and cost by model', () => {
    const units = panels.filter(({ id }) => id === 'llm').map(({ title, unit }) => [title, unit]);
    expect(units).toContainEqual(['Tokens', `${llmTokens.unit} per second`]);
    expect(units).toContainEqual(['Cost of the last hour', llmCost.unit]);
  });

  test('show of every autoscaler its bounds, and each of its metrics beside its target', () => {
    for (const [name, { minReplicas, maxReplicas, targets }] of autoscalers) {
      const [replicas, ...metrics] = panels.filter((panel) => panel.id === 'autoscaling' && panel.row === name);
      expect(replicas?.queries.slice(1)).toEqual([
        { expr: `vector(${minReplicas})`, legend: 'floor' },
        { expr: `vector(${maxReplicas})`, legend: 'ceiling' },
      ]);
      expect(metrics.map(({ title, unit }) => [title, unit])).toEqual(
        targets.map(({ metric }) => [metric.name, metric.unit]),
      );
    }
    const chat = panels.filter(({ id, row }) => id === 'autoscaling' && row === 'chat');
    expect(chat[1]?.queries[1]).toEqual({ expr: 'vector(1)', legend: 'target' });
    const worker = panels.filter(({ id, row }) => id === 'autoscaling' && row === 'worker');
    expect(worker[1]?.queries[1]?.expr).toBe('10 * count(up{namespace="armature",job="worker",version="v1"})');
  });

  test('show a canary by the questions that its verdict asks', () => {
    const { requests, errors } = sampleQueries('chat', canaryPolicy.checkSeconds, null, canaryPolicy);
    const { p99Seconds } = baselineQueries('chat', canaryPolicy);
    expect(expressions).toEqual(expect.arrayContaining([requests, errors, p99Seconds]));
  });

  test('have one unit for all lines of a panel, and a name for every line', () => {
    for (const { title, queries } of panels) {
      expect([title, queries.length > 0 && queries.every(({ legend }) => legend !== '')]).toEqual([title, true]);
    }
  });
});

test('an environment that wants none has none', () => {
  expect(new Local(new App({ outdir: '.' })).grafana).toBeUndefined();
});

test('an environment adds one of its own', () => {
  class Own extends Production {
    protected override dashboards(sources: DashboardSources): readonly Dashboard[] {
      const matchers = { namespace: sources.platform.namespace };
      const panel = ratePanel('Look-ups', cacheRequests, { matchers, by: ['cache'], windowSeconds: 60 });
      return [{ id: 'own', title: 'Own', rows: [{ title: 'Caches', panels: [panel] }] }, ...super.dashboards(sources)];
    }
  }
  const own = new Own(new App({ outdir: '.' })).grafana;
  expect(own?.dashboards.map(({ id }) => id)).toEqual(['own', ...(grafana?.dashboards ?? []).map(({ id }) => id)]);
  expect(Object.keys(own?.dashboardsMap.data ?? {})).toContain('own.json');
});
