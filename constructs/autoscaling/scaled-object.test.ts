import { describe, expect, test } from '@jest/globals';
import { type OnMetricLoss, serviceRate } from '../../contract/vocabulary/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import {
  behavior,
  letters,
  mailbox,
  translationP90,
  translations,
  translator,
  translatorProps,
} from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { Autoscaler } from './autoscaler.js';
import type { AutoscalerProps } from './autoscaler-props.js';

const ALL: AutoscalerProps['targets'] = [
  { metric: translationP90, averageValue: 0.5 },
  { metric: serviceRate(translations, translator, 60), averageValue: 20 },
  { metric: letters, averageValue: 10 },
];

function autoscale(own: Partial<AutoscalerProps> = {}, spec = translator) {
  const chart = emptyChart();
  const props = { ...translatorProps, spec, platform: testPlatform(), replicas: 'autoscaled' } as const;
  const { stable } = new LlmService(chart, 'translator', props);
  const build = () =>
    new Autoscaler(chart, 'autoscaler', {
      release: stable,
      minReplicas: 2,
      maxReplicas: 9,
      cpuPercent: 65,
      memoryPercent: 75,
      behavior,
      scraped: [mailbox],
      keda: { prometheusUrl: 'http://observer.team.svc:7300' },
      ...own,
    });
  return {
    build,
    chart,
    manifests: () => manifestsIn(chart),
    spec: () => at(find(manifestsIn(chart), 'ScaledObject'), 'spec'),
  };
}

describe('an Autoscaler through KEDA', () => {
  test('scales the release within its bounds, by the same behaviour, and leaves the HPA to KEDA', () => {
    const { build, manifests, spec } = autoscale();
    build();
    expect(spec()).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'translator' },
      minReplicaCount: 2,
      maxReplicaCount: 9,
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: { scaleUp: { selectPolicy: 'Max' }, scaleDown: { stabilizationWindowSeconds: 120 } },
        },
      },
      triggers: [
        { type: 'cpu', metricType: 'Utilization', metadata: { value: '65' } },
        { type: 'memory', metricType: 'Utilization', metadata: { value: '75' } },
      ],
    });
    expect(manifests().map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  });

  test('asks Prometheus for one number of each target, from the recorded series, and takes none for a failure', () => {
    const { build, spec } = autoscale({ targets: ALL });
    build();
    const up = 'up{namespace="team",job="translator",version="v1"}';
    const trigger = (query: string, threshold: string) => ({
      type: 'prometheus',
      metricType: 'AverageValue',
      metadata: { serverAddress: 'http://observer.team.svc:7300', query, threshold, ignoreNullValues: 'false' },
    });
    expect((at(spec(), 'triggers') as object[]).slice(2)).toMatchObject([
      trigger(
        `avg(pod:translation_seconds_p90{namespace="team",job="translator"} and on (namespace, pod) ${up}) * count(${up})`,
        '0.5',
      ),
      trigger('max(service:translations_per_second{namespace="team",job="translator",service="translator"})', '20'),
      trigger('max(cluster:letters_waiting{namespace="team",job="mailbox"})', '10'),
    ]);
  });

  test.each<[OnMetricLoss, object]>([
    ['hold', { behavior: 'currentReplicas' }],
    ['floor', { behavior: 'static', replicas: 2 }],
    ['ceiling', { behavior: 'static', replicas: 9 }],
  ])('answers a loss with %s by KEDA’s fallback', (onMetricLoss, fallback) => {
    const { build, spec } = autoscale({ targets: ALL?.map((target) => ({ ...target, onMetricLoss })) ?? [] });
    const autoscaler = build();
    expect(at(spec(), 'fallback')).toMatchObject({ failureThreshold: 3, ...fallback });
    expect(autoscaler.recorded.map(({ substitutes }) => substitutes)).toEqual([undefined, undefined, undefined]);
  });

  test('has no fallback for CPU and memory alone, which KEDA refuses', () => {
    const { build, spec } = autoscale();
    build();
    expect(at(spec(), 'fallback')).toBeUndefined();
  });

  test('refuses two answers to a loss: KEDA has one for the workload', () => {
    const { build } = autoscale({
      targets: [
        { metric: translationP90, averageValue: 1, onMetricLoss: 'ceiling' },
        { metric: letters, averageValue: 1 },
      ],
    });
    expect(build).toThrow(
      /test\/autoscaler:\n.*differs \(translation_seconds_p90: ceiling, letters_waiting: hold\).*Fix: .*prometheusAdapter/,
    );
  });

  test('refuses a name to which KEDA cannot add its own', () => {
    const name = 't'.repeat(55);
    expect(autoscale({}, { ...translator, name }).build).toThrow(/has 55 characters; KEDA takes at most 54/);
    expect(autoscale({}, { ...translator, name: name.slice(1) }).build).not.toThrow();
  });

  test('refuses what Kubernetes’ own autoscaler would be refused', () => {
    const build = autoscale({ minReplicas: 10, targets: [{ metric: translationP90, averageValue: 1000 }] }).build;
    expect(build).toThrow(/minReplicas 10 is above maxReplicas 9[\s\S]*above the histogram's last bucket/);
  });

  test('has its release for itself, whichever of the two scales it already', () => {
    const { build, chart } = autoscale();
    const { release } = build();
    const hpa = () =>
      new Autoscaler(chart, 'second', {
        release,
        minReplicas: 2,
        maxReplicas: 3,
        cpuPercent: 50,
        memoryPercent: 50,
        behavior,
      });
    expect(hpa).toThrow(/is scaled by test\/autoscaler; two autoscalers/);
  });
});
