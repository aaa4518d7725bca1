import type { MetricSpec, PodMetricSpec, SingleMetricSpec } from './hpa-spec.js';
import type { ControllerOptions, Observation, PodObservation, PodSample } from './observation.js';
import { groupPods } from './pod-groups.js';
import { isWithin, type Tolerances } from './tolerances.js';

/** What one metric makes of the replicas, or that it makes nothing of them. */
export type Proposal =
  | { readonly replicas: number }
  | { readonly replicas: undefined; readonly why: 'no metric' | 'no pods' | 'no sample' | 'no request' };

interface Sync {
  readonly observation: Observation;
  readonly tolerances: Tolerances;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/** What the metric at one place of the spec proposes (kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go). */
export function proposalOf(metric: MetricSpec, index: number, sync: Sync): Proposal {
  const reading = sync.observation.readings[index];
  if (!reading) return { replicas: undefined, why: 'no metric' };
  if ('target' in metric) {
    const values = 'valuesMilli' in reading ? reading.valuesMilli : [];
    return bySum(metric.target, sum(values), sync);
  }
  const byPod = 'byPod' in reading ? reading.byPod : {};
  return byPods(metric, byPod, sync);
}

/** One number for the whole target. */
function bySum(
  { kind, milli }: SingleMetricSpec['target'],
  usage: number,
  { observation, tolerances }: Sync,
): Proposal {
  const { specReplicas, statusReplicas, pods } = observation;
  if (kind === 'AverageValue') {
    const ratio = usage / (milli * statusReplicas);
    return { replicas: isWithin(tolerances, ratio) ? statusReplicas : Math.ceil(usage / milli) };
  }
  const ratio = usage / milli;
  if (specReplicas === 0) return { replicas: Math.ceil(ratio) };
  if (isWithin(tolerances, ratio)) return { replicas: specReplicas };
  if (pods.length === 0) return { replicas: undefined, why: 'no pods' };
  const ready = pods.filter((pod) => pod.phase === 'Running' && pod.ready?.isTrue === true).length;
  return { replicas: Math.ceil(ratio * ready) };
}

/** A number for each pod: those that are starting or have none are taken to be such that they hold a change back. */
function byPods(
  metric: PodMetricSpec,
  byPod: Readonly<Record<string, PodSample>>,
  { observation, tolerances, options, nowMs }: Sync,
): Proposal {
  const { pods, specReplicas } = observation;
  if (pods.length === 0) return { replicas: undefined, why: 'no pods' };
  const resource = metric.type === 'Resource' ? metric.resource : undefined;
  const { counted, unready, missing, samples: known } = groupPods(pods, byPod, resource, options, nowMs);
  if (known.size === 0) return { replicas: undefined, why: 'no sample' };
  const measure = measureOf(metric, pods);
  const ratio = measure?.ratio(known);
  if (!measure || ratio === undefined) return { replicas: undefined, why: 'no request' };

  const unreadyCount = unready.length > 0 && ratio > 1;
  if (!unreadyCount && missing.length === 0) {
    return { replicas: isWithin(tolerances, ratio) ? specReplicas : Math.ceil(ratio * counted) };
  }
  const samples = new Map(known);
  if (ratio < 1) for (const pod of missing) samples.set(pod.name, measure.atTarget(pod));
  if (ratio > 1) for (const pod of missing) samples.set(pod.name, 0);
  if (unreadyCount) for (const pod of unready) samples.set(pod.name, 0);
  const cautious = measure.ratio(samples) ?? ratio;
  const replicas = Math.ceil(cautious * samples.size);
  const turns = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  const contradicts = (cautious < 1 && replicas > specReplicas) || (cautious > 1 && replicas < specReplicas);
  return { replicas: isWithin(tolerances, cautious) || turns || contradicts ? specReplicas : replicas };
}

interface Measure {
  /** Usage against target. Undefined if no sample is of a pod that requests anything. */
  ratio(samples: ReadonlyMap<string, number>): number | undefined;
  /** What a pod without a sample is taken to use when the others use too little. */
  atTarget(pod: PodObservation): number;
}

function measureOf(metric: PodMetricSpec, pods: readonly PodObservation[]): Measure | undefined {
  if (!('utilizationPercent' in metric)) {
    const { averageMilli } = metric;
    return {
      ratio: (samples) => Math.trunc(sum([...samples.values()]) / samples.size) / averageMilli,
      atTarget: () => averageMilli,
    };
  }
  const { resource, utilizationPercent } = metric;
  const requests = new Map(pods.map(({ name, requestsMilli }) => [name, requestsMilli[resource]]));
  const request = (name: string) => requests.get(name) ?? 0;
  if ([...requests.values()].includes(undefined)) return undefined;
  return {
    ratio: (samples) => {
      const matched = [...samples].filter(([name]) => requests.has(name));
      const requested = sum(matched.map(([name]) => request(name)));
      if (requested === 0) return undefined;
      return percentOf(sum(matched.map(([, value]) => value)), requested) / utilizationPercent;
    },
    atTarget: ({ name }) => Math.trunc((request(name) * Math.max(100, utilizationPercent)) / 100),
  };
}

/** Whole percents, as the controller's integers give them: a hundred times the bytes of many pods is beyond a double's. */
function percentOf(part: number, whole: number): number {
  return part * 100 <= Number.MAX_SAFE_INTEGER
    ? Math.trunc((part * 100) / whole)
    : Number((BigInt(part) * 100n) / BigInt(whole));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
