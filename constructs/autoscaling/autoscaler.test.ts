import { describe, expect, test } from '@jest/globals';
import { clusterMax, gauge, namespaceSum, podRate, serviceRate } from '../../contract/vocabulary/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import {
  backlog,
  behavior,
  letters,
  mailbox,
  translationP90,
  translations,
  translatorProps,
} from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { Autoscaler } from './autoscaler.js';
import type { AutoscalerProps } from './autoscaler-props.js';

function autoscale(own: Partial<AutoscalerProps> = {}, replicas: number | 'autoscaled' = 'autoscaled') {
  const chart = emptyChart();
  const { stable } = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform(), replicas });
  const props = { release: stable, minReplicas: 2, maxReplicas: 9, cpuPercent: 65, memoryPercent: 75, behavior };
  const build = () => new Autoscaler(chart, 'autoscaler', { ...props, ...own });
  return { build, spec: () => at(find(manifestsIn(chart), 'HorizontalPodAutoscaler'), 'spec') };
}

describe('Autoscaler', () => {
  test('scales the release by CPU and memory within its bounds', () => {
    const { build, spec } = autoscale();
    build();
    expect(spec()).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'translator' },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 65 } } },
        { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 75 } } },
      ],
    });
  });

  test('writes both behaviours out', () => {
    const { build, spec } = autoscale();
    build();
    expect(at(spec(), 'behavior')).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Percent', value: 100, periodSeconds: 15 },
          { type: 'Pods', value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 120,
        selectPolicy: 'Min',
        policies: [
          { type: 'Percent', value: 10, periodSeconds: 60 },
          { type: 'Pods', value: 1, periodSeconds: 60 },
        ],
      },
    });
  });

  test('takes what each pod has as a Pods metric, in the metric’s own unit', () => {
    const { build, spec } = autoscale({ targets: [{ metric: translationP90, averageValue: 0.5 }] });
    build();
    expect(at(spec(), 'metrics.2')).toEqual({
      type: 'Pods',
      pods: { metric: { name: 'translation_seconds_p90' }, target: { type: 'AverageValue', averageValue: '500m' } },
    });
  });

  test('takes what all pods share as an External metric, divided among them', () => {
    const { build, spec } = autoscale({ targets: [{ metric: letters, averageValue: 10 }], scraped: [mailbox] });
    build();
    expect(at(spec(), 'metrics.2')).toEqual({
      type: 'External',
      external: { metric: { name: 'letters_waiting' }, target: { type: 'AverageValue', averageValue: '10' } },
    });
  });

  test('reads of what several replicas tell of one thing the largest, and 0 where they tell nothing', () => {
    expect(clusterMax('letters_at_most', backlog, { box: 'in' }).expression({ job: 'mailbox' })).toBe(
      '(max by (namespace) (mailbox_letters{job="mailbox",box="in"})) >= 0 or 0 * max by (namespace) (up{job="mailbox"} == 1)',
    );
  });

  test('takes what an object has as an Object metric of it, divided among the pods', () => {
    const metrics = [serviceRate(translations, { name: 'translator' }, 60), namespaceSum('letters_here', backlog)];
    const { build, spec } = autoscale({
      targets: metrics.map((metric) => ({ metric, averageValue: 5 })),
      scraped: [mailbox],
    });
    build();
    const target = { type: 'AverageValue', averageValue: '5' };
    const of = (kind: string, name: string) => ({ apiVersion: 'v1', kind, name });
    expect(at(spec(), 'metrics.2')).toEqual({
      type: 'Object',
      object: {
        describedObject: of('Service', 'translator'),
        metric: { name: 'translations_per_second' },
        target,
      },
    });
    expect(at(spec(), 'metrics.3')).toEqual({
      type: 'Object',
      object: { describedObject: of('Namespace', 'team'), metric: { name: 'letters_here' }, target },
    });
  });

  test('refuses an Object metric of a Service that does not emit it', () => {
    const metric = serviceRate(translations, mailbox, 60);
    const { build } = autoscale({ targets: [{ metric, averageValue: 5 }], scraped: [mailbox] });
    expect(build).toThrow(/translations_total of the Service mailbox, which does not emit it \(who does: translator\)/);
  });

  test('reads a metric by a name that says what may stand for it while it is lost', () => {
    const names = (['hold', 'floor', 'ceiling'] as const).map((onMetricLoss) => {
      const { build, spec } = autoscale({ targets: [{ metric: translationP90, averageValue: 1, onMetricLoss }] });
      build();
      return at(spec(), 'metrics.2.pods.metric.name');
    });
    expect(names).toEqual([
      'translation_seconds_p90',
      'translation_seconds_p90_or_floor',
      'translation_seconds_p90_or_ceiling',
    ]);
  });

  test('tells what Prometheus must keep for it, and what must stand for that while it is lost', () => {
    const { build } = autoscale({
      targets: [
        { metric: translationP90, averageValue: 0.5, onMetricLoss: 'ceiling' },
        { metric: letters, averageValue: 10 },
      ],
      scraped: [mailbox],
    });
    expect(build().recorded).toEqual([
      { metric: translationP90, job: 'translator', substitutes: [{ answer: 'ceiling', value: 9 }] },
      { metric: letters, job: 'mailbox' },
    ]);
  });

  test('refuses a metric that the workload does not emit', () => {
    const temperature = gauge({ name: 'temperature', unit: 'ratio', help: 'Heat.' });
    const foreign = { ...translationP90, name: 'foreign', of: temperature };
    const { build } = autoscale({ targets: [{ metric: foreign, averageValue: 1 }] });
    expect(build).toThrow(/test\/autoscaler.*\n.*"foreign".*temperature.*translator does not emit.*Fix/);
  });

  test('refuses a cluster metric that nothing scraped exposes', () => {
    const { build } = autoscale({ targets: [{ metric: letters, averageValue: 10 }] });
    expect(build).toThrow(/"letters_waiting".*mailbox_letters.*nothing scraped exposes.*Fix/);
  });

  test('refuses a target that no value reaches: seconds given as milliseconds', () => {
    const { build } = autoscale({ targets: [{ metric: translationP90, averageValue: 1000 }] });
    expect(build).toThrow(/1000 seconds is above the histogram's last bucket \(10 seconds\).*another unit/);
  });

  test('refuses a target that Kubernetes would round to nothing', () => {
    const { build } = autoscale({ targets: [{ metric: translationP90, averageValue: 0.0001 }] });
    expect(build).toThrow(/0.0001 seconds is below a thousandth/);
  });

  test.each([0, -1, Number.NaN])('refuses the target %p', (averageValue) => {
    const { build } = autoscale({ targets: [{ metric: podRate(translations, 60), averageValue }] });
    expect(build).toThrow(/must be above 0/);
  });

  test('refuses a floor above the ceiling, and a floor that a drain takes away, together', () => {
    expect(autoscale({ minReplicas: 10, maxReplicas: 9 }).build).toThrow(/minReplicas 10 is above maxReplicas 9/);
    expect(autoscale({ minReplicas: 1, maxReplicas: 0 }).build).toThrow(/at least 2[\s\S]*minReplicas 1 is above/);
  });

  test('refuses a release that states its replicas', () => {
    expect(autoscale({}, 3).build).toThrow(/states 3 replicas.*Fix: replicas: 'autoscaled'/);
  });

  test('has its release for itself', () => {
    const { build } = autoscale();
    const { release } = build();
    const second = () =>
      new Autoscaler(emptyChart(), 'second', {
        release,
        minReplicas: 2,
        maxReplicas: 3,
        cpuPercent: 50,
        memoryPercent: 50,
        behavior,
      });
    expect(second).toThrow(/is scaled by test\/autoscaler; two autoscalers/);
  });
});
