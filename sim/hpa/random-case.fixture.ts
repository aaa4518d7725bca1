import type { HpaManifestSpec, HpaSpec, MetricSpec } from './hpa-spec.js';
import {
  CONTROLLER_DEFAULTS,
  type ControllerOptions,
  type HpaConditions,
  hpaSpecOf,
  type MetricReading,
  NEW_HPA,
  type Observation,
  type PodObservation,
  type PodSample,
  reconcile,
} from './index.js';
import { pick, type Random, whole } from './random-choice.fixture.js';
import { agedPod, newPod } from './random-pod.fixture.js';
import { randomSpec } from './random-spec.fixture.js';

/** An autoscaler, what its controller sees at every sync, and what `reconcile` decided there. */
export interface HpaCase {
  readonly spec: HpaManifestSpec;
  readonly options: ControllerOptions;
  readonly replicas: number;
  readonly steps: readonly (Observation & {
    readonly atMs: number;
    /** Where somebody has changed it. */
    readonly spec?: HpaManifestSpec;
  })[];
  readonly decisions: readonly { readonly replicas: number; readonly conditions: HpaConditions }[];
}

/**
 * A case in which pods start slowly, die, are deleted, lose samples, metrics come and go under a wandering load, and in one of three the
 * autoscaler itself is edited now and then.
 */
export function randomCase(random: Random, syncs: number): HpaCase {
  const isEdited = random() < 0.3;
  const options = randomOptions(random);
  const first = randomSpec(random);
  const replicas = whole(random, 0, first.maxReplicas + 1);
  const steps: HpaCase['steps'][number][] = [];
  const decisions: HpaCase['decisions'][number][] = [];
  let pods: readonly PodObservation[] = [];
  let [spec, atMs, wanted, state, born] = [hpaSpecOf(first), 10_000_000, replicas, NEW_HPA, 0];
  let load = random() * first.maxReplicas;
  for (let sync = 0; sync < syncs; sync++) {
    atMs += pick(random, [15_000, 15_000, 15_000, 15_000, 5_000, 1_000, 30_000, 61_000, 14_999, 400_000]);
    const edited = isEdited && random() < 0.06 ? randomSpec(random) : undefined;
    if (edited) spec = hpaSpecOf(edited);
    load = random() < 0.15 ? random() ** 2 * 1.4 * spec.maxReplicas : load * (0.75 + random() * 0.5);
    // Somebody scales by hand.
    if (random() < 0.02) wanted = whole(random, 0, spec.maxReplicas + 2);
    const kept = pods.filter(() => pods.length <= wanted || random() < wanted / pods.length);
    const started = Array.from({ length: Math.max(0, wanted - kept.length) }, () => newPod(random, born++, atMs));
    pods = [...kept, ...started].map((pod) => agedPod(random, pod, atMs));
    const observation: Observation = {
      specReplicas: wanted,
      statusReplicas: pods.length,
      pods,
      readings: readingsOf(random, spec, pods, load, atMs),
    };
    steps.push({ ...observation, atMs, ...(edited && { spec: edited }) });
    ({ replicas: wanted, state } = reconcile(spec, state, observation, atMs, options));
    decisions.push({ replicas: wanted, conditions: state.conditions });
  }
  return { spec: first, options, replicas, steps, decisions };
}

function randomOptions(random: Random): ControllerOptions {
  if (random() < 0.6) return CONTROLLER_DEFAULTS;
  return {
    tolerance: pick(random, [0.1, 0, 0.25]),
    cpuInitializationMs: pick(random, [300_000, 0, 60_000]),
    initialReadinessDelayMs: pick(random, [30_000, 0, 90_000]),
    downscaleStabilizationMs: pick(random, [300_000, 60_000, 0]),
    configurableTolerance: random() < 0.7,
  };
}

/** One for each metric, or none; of two of the same API's metric the same. */
function readingsOf(
  random: Random,
  { metrics }: HpaSpec,
  pods: readonly PodObservation[],
  load: number,
  atMs: number,
): readonly MetricReading[] {
  const present = pods.filter(({ isBeingDeleted }) => isBeingDeleted !== true);
  // An exporter that is broken tells anything.
  const scale = random() < 0.003 ? pick(random, [-1, 1e7, 3e8]) : 1;
  const jitter = () => scale * (0.7 + random() * 0.6);
  return metrics.map((metric) => {
    if (random() < 0.03) return undefined;
    if ('target' in metric) {
      const { kind, milli } = metric.target;
      const total = wholeMilli((load * milli * jitter()) / (kind === 'Value' ? 4 : 1));
      if (metric.type === 'Object') return { valuesMilli: [total] };
      return { valuesMilli: pick(random, [[total], [total, 0], [Math.floor(total / 2), Math.ceil(total / 2)], []]) };
    }
    const each = (load * targetMilli(metric)) / Math.max(1, present.length);
    return { byPod: samplesOf(random, pods, () => wholeMilli(each * jitter()), atMs) };
  });
}

/** No more than a hundred billion: sums of more are beyond a double's whole numbers. */
function wholeMilli(value: number): number {
  return Math.min(Math.round(value), 1e14);
}

/** Of pods that request 500 thousandths of each resource in each container. */
function targetMilli(metric: Exclude<MetricSpec, { target: unknown }>): number {
  if ('averageMilli' in metric) return metric.averageMilli;
  return (metric.type === 'Resource' ? 10 : 5) * metric.utilizationPercent;
}

function samplesOf(
  random: Random,
  pods: readonly PodObservation[],
  value: () => number,
  atMs: number,
): ReadonlyMap<string, PodSample> {
  const share = pick(random, [0.93, 0.93, 1, 0.3]);
  const running = pods.filter(({ phase }) => phase === 'Running');
  const sampled = running.filter(() => random() < share).map(({ name }) => name);
  // Of a pod that has just gone there is still a sample.
  if (random() < 0.05) sampled.push('gone');
  return new Map(
    sampled.map((name) => [
      name,
      { valueMilli: value(), takenAtMs: atMs - whole(random, 0, 30_000), windowMs: pick(random, [15_000, 60_000]) },
    ]),
  );
}
