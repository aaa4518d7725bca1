import type { HpaManifestSpec } from './hpa-spec.js';
import {
  type HpaConditions,
  hpaSpecOf,
  NEW_HPA,
  type Observation,
  type PodObservation,
  type PodSample,
  reconcile,
} from './index.js';

type Random = () => number;

/** An autoscaler, what its controller sees at every sync, and what `reconcile` decided there. */
export interface HpaCase {
  readonly spec: HpaManifestSpec;
  readonly replicas: number;
  readonly steps: readonly (Observation & { readonly atMs: number })[];
  readonly decisions: readonly { readonly replicas: number; readonly conditions: HpaConditions }[];
}

/** A case in which pods start slowly, die, are deleted, lose samples, and metrics come and go under a wandering load. */
export function randomCase(random: Random, syncs: number): HpaCase {
  const spec = randomSpec(random);
  const metrics = hpaSpecOf(spec).metrics;
  const replicas = whole(random, 1, spec.maxReplicas + 1);
  const pods: PodObservation[] = [];
  const steps: HpaCase['steps'][number][] = [];
  const decisions: HpaCase['decisions'][number][] = [];
  let [atMs, wanted, state, load, born] = [10_000_000, replicas, NEW_HPA, random() * spec.maxReplicas, 0];
  for (let sync = 0; sync < syncs; sync++) {
    atMs += pick(random, [15_000, 15_000, 15_000, 15_000, 5_000, 1_000, 30_000, 61_000]);
    load = random() < 0.15 ? random() ** 2 * 1.4 * spec.maxReplicas : load * (0.75 + random() * 0.5);
    // Somebody scales by hand.
    if (random() < 0.02) wanted = whole(random, 0, spec.maxReplicas + 2);
    while (pods.length < wanted) pods.push(newPod(random, `pod-${born++}`, atMs));
    while (pods.length > wanted && random() < 0.8) pods.splice(whole(random, 0, pods.length - 1), 1);
    for (const [i, pod] of pods.entries()) pods[i] = aged(random, pod, atMs);
    const present = pods.filter(({ isBeingDeleted }) => isBeingDeleted !== true);
    const readings = metrics.map((metric) => {
      if (random() < 0.03) return undefined;
      const jitter = () => 0.7 + random() * 0.6;
      if ('target' in metric) {
        const total = (load * metric.target.milli * jitter()) / (metric.target.kind === 'Value' ? 4 : 1);
        return { valuesMilli: metric.type === 'Object' ? [Math.round(total)] : [Math.round(total), 0] };
      }
      const target = 'utilizationPercent' in metric ? 5 * metric.utilizationPercent : metric.averageMilli;
      const each = (load * target) / Math.max(1, present.length);
      return { byPod: samplesOf(random, pods, () => Math.round(each * jitter()), atMs) };
    });
    const observation: Observation = {
      specReplicas: wanted,
      statusReplicas: pods.length,
      pods: [...pods],
      readings,
    };
    steps.push({ ...observation, atMs });
    const decided = reconcile(hpaSpecOf(spec), state, observation, atMs);
    wanted = decided.replicas;
    state = decided.state;
    decisions.push({ replicas: wanted, conditions: state.conditions });
  }
  return { spec, replicas, steps, decisions };
}

function randomSpec(random: Random): HpaManifestSpec {
  const maxReplicas = whole(random, 1, 40);
  const all = [
    { type: 'Resource', resource: { name: 'cpu', target: utilization(random) } },
    { type: 'Resource', resource: { name: 'memory', target: random() < 0.5 ? utilization(random) : average('300') } },
    { type: 'Pods', pods: { metric: { name: 'p99' }, target: average(pick(random, ['1', '500m', '1500m', '10'])) } },
    { type: 'Object', object: { metric: { name: 'routes' }, target: single(random), describedObject: DESCRIBED } },
    { type: 'External', external: { metric: { name: 'backlog' }, target: single(random) } },
  ];
  return {
    ...(random() < 0.8 && { minReplicas: whole(random, 1, maxReplicas) }),
    maxReplicas,
    ...(random() < 0.95 && { metrics: all.filter(() => random() < 0.45) }),
    ...(random() < 0.75 && {
      behavior: {
        ...(random() < 0.85 && { scaleUp: randomRules(random) }),
        ...(random() < 0.85 && { scaleDown: randomRules(random) }),
      },
    }),
  };
}

const DESCRIBED = { apiVersion: 'v1', kind: 'Service', name: 'routes' };

function utilization(random: Random) {
  return { type: 'Utilization', averageUtilization: pick(random, [50, 70, 80, 120]) };
}

function average(averageValue: string) {
  return { type: 'AverageValue', averageValue };
}

function single(random: Random) {
  return random() < 0.5
    ? average(pick(random, ['10', '2500m']))
    : { type: 'Value', value: pick(random, ['10', '2500m']) };
}

function randomRules(random: Random) {
  const policies = Array.from({ length: whole(random, 1, 3) }, () => ({
    type: pick(random, ['Pods', 'Percent'] as const),
    value: pick(random, [1, 2, 5, 10, 50, 100, 200]),
    periodSeconds: pick(random, [15, 30, 60, 120]),
  }));
  return {
    ...(random() < 0.7 && { stabilizationWindowSeconds: pick(random, [0, 15, 60, 300]) }),
    ...(random() < 0.8 && { selectPolicy: pick(random, ['Max', 'Max', 'Min', 'Disabled'] as const) }),
    ...(random() < 0.85 && { policies }),
  };
}

const REQUESTS_MILLI = { cpu: 500, memory: 500 };

function newPod(random: Random, name: string, atMs: number): PodObservation {
  const requestsMilli = random() < 0.002 ? { cpu: 500 } : REQUESTS_MILLI;
  return random() < 0.5
    ? { name, phase: 'Pending', requestsMilli }
    : { name, phase: 'Running', startedAtMs: atMs, ready: { isTrue: false, sinceMs: atMs }, requestsMilli };
}

function aged(random: Random, pod: PodObservation, atMs: number): PodObservation {
  if (pod.phase === 'Pending') {
    return random() < 0.5
      ? pod
      : { ...pod, phase: 'Running', startedAtMs: atMs - 1_000, ready: { isTrue: false, sinceMs: atMs - 1_000 } };
  }
  if (random() < 0.02) return { ...pod, phase: pick(random, ['Failed', 'Succeeded'] as const) };
  if (random() < 0.02) return { ...pod, isBeingDeleted: true };
  if (random() < 0.02) return { ...pod, ready: undefined };
  const turns = pod.ready?.isTrue === true ? random() < 0.04 : random() < 0.5;
  return turns
    ? { ...pod, ready: { isTrue: pod.ready?.isTrue !== true, sinceMs: atMs - whole(random, 0, 9_000) } }
    : pod;
}

function samplesOf(
  random: Random,
  pods: readonly PodObservation[],
  value: () => number,
  atMs: number,
): Record<string, PodSample> {
  const running = pods.filter(({ phase }) => phase === 'Running');
  const sampled = running.filter(() => random() < 0.93).map(({ name }) => name);
  // Of a pod that has just gone there is still a sample.
  if (random() < 0.05) sampled.push('gone');
  return Object.fromEntries(
    sampled.map((name) => [
      name,
      { valueMilli: value(), takenAtMs: atMs - whole(random, 0, 30_000), windowMs: pick(random, [15_000, 60_000]) },
    ]),
  );
}

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}
