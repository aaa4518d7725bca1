import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { Production } from '../../stacks/index.js';
import { type HpaManifestSpec, hpaSpecOf } from './hpa-spec.js';
import { type HpaState, NEW_HPA } from './hpa-state.js';
import type { MetricReading, Observation, PodObservation } from './observation.js';
import { reconcile } from './reconcile.js';

/** The autoscaler of the production environment's workers or another of its services, as it is synthesised. */
function production(name: string): HpaManifestSpec {
  const stack = new Production(new App({ outdir: '.' }));
  const objects = stack.node.children.filter(Chart.isChart).flatMap((chart): unknown[] => chart.toJson());
  const hpas = objects as { kind: string; metadata: { name: string }; spec: HpaManifestSpec }[];
  const found = hpas.find(({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === name);
  if (!found) throw new Error(`Production has no autoscaler ${name}.`);
  return found.spec;
}

function readyPods(count: number): PodObservation[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `pod-${i}`,
    phase: 'Running' as const,
    startedAtMs: -3_600_000,
    ready: { isTrue: true, sinceMs: -3_590_000 },
    requestsMilli: { cpu: 500, memory: 512 * 2 ** 20 * 1000 },
  }));
}

function everyPod(count: number, valueMilli: number, atMs: number): MetricReading {
  const sample = { valueMilli, takenAtMs: atMs, windowMs: 30_000 };
  return { byPod: new Map(readyPods(count).map(({ name }) => [name, sample])) };
}

/** Replicas after each sync, 15 s apart, of pods that are ready at once. */
function run(
  manifest: HpaManifestSpec,
  syncs: number,
  first: number,
  readings: (replicas: number, sync: number) => MetricReading[],
) {
  const spec = hpaSpecOf(manifest);
  const history: number[] = [];
  let [replicas, state]: [number, HpaState] = [first, NEW_HPA];
  for (let sync = 0; sync < syncs; sync++) {
    const observation: Observation = {
      specReplicas: replicas,
      statusReplicas: replicas,
      pods: readyPods(replicas),
      readings: readings(replicas, sync),
    };
    ({ replicas, state } = reconcile(spec, state, observation, sync * 15_000));
    history.push(replicas);
  }
  return { history, state };
}

describe("the seed's autoscalers (chapter 32.4), by the real algorithm", () => {
  const idle = (replicas: number, sync: number) => everyPod(replicas, 1, sync * 15_000);

  test('a steady backlog of 50 at 10 for each worker gives five workers, and stays', () => {
    const { history } = run(production('worker'), 40, 3, (replicas, sync) => [
      idle(replicas, sync),
      idle(replicas, sync),
      { valuesMilli: [50_000] },
    ]);
    expect(history.slice(0, 2)).toEqual([5, 5]);
    expect(new Set(history)).toEqual(new Set([5]));
  });

  test('the same backlog told by each pod as its own runs away to the ceiling', () => {
    const { metrics: _, ...bounds } = production('worker');
    const perPod: HpaManifestSpec = {
      ...bounds,
      minReplicas: 3,
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: 'queue_length' }, target: { type: 'AverageValue', averageValue: '10' } },
        },
      ],
    };
    const { history } = run(perPod, 6, 3, (replicas, sync) => [everyPod(replicas, 50_000, sync * 15_000)]);
    expect(history).toEqual([8, 16, 32, 50, 50, 50]);
  });

  test('85 % of CPU at a target of 70 % makes four of three, not six', () => {
    const cpu85 = (replicas: number, sync: number) => everyPod(replicas, 425, sync * 15_000);
    const { history } = run(production('chat'), 1, 3, (replicas, sync) => [
      cpu85(replicas, sync),
      idle(replicas, sync),
      idle(replicas, sync),
      idle(replicas, sync),
    ]);
    expect(history).toEqual([4]);
  });

  test('twelve are taken down after five calm minutes by two a minute, never by half', () => {
    const { history, state } = run(production('chat'), 40, 12, (replicas, sync) => [
      idle(replicas, sync),
      idle(replicas, sync),
      idle(replicas, sync),
      idle(replicas, sync),
    ]);
    const steps = history.flatMap((replicas, sync) =>
      replicas === (history[sync - 1] ?? 12) ? [] : [[sync * 15, replicas]],
    );
    expect(steps.slice(0, 4)).toEqual([
      [300, 10],
      [360, 8],
      [420, 6],
      [480, 4],
    ]);
    expect(state.conditions.ScalingActive).toEqual({ isTrue: true, reason: 'ValidMetricFound' });
  });

  test('does not scale down while one metric is away, and names it', () => {
    const { history, state } = run(production('chat'), 60, 12, (replicas, sync) => [
      idle(replicas, sync),
      idle(replicas, sync),
      undefined,
    ]);
    expect(new Set(history)).toEqual(new Set([12]));
    expect(state.conditions.ScalingActive).toEqual({ isTrue: false, reason: 'FailedGetPodsMetric' });
  });
});

test('a metric that cannot be simulated, or a target that is none, is named', () => {
  const unknown = { maxReplicas: 3, metrics: [{ type: 'Weather' }] };
  expect(() => hpaSpecOf(unknown)).toThrow(
    /"Weather" cannot be simulated. Known are Resource, ContainerResource, Pods/,
  );
  const target = { type: 'AverageValue', averageValue: 'ten' };
  const odd = { maxReplicas: 3, metrics: [{ type: 'Pods', pods: { metric: { name: 'length' }, target } }] };
  expect(() => hpaSpecOf(odd)).toThrow('The target "ten" of length is no quantity, such as 10 or 500m.');
});
