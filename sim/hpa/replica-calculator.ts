import type { MetricSpec, PodMetricSpec, SingleMetricSpec } from './hpa-spec.js';
import { int32, int32OfFloat } from './int32.js';
import type { ControllerOptions, MetricReading, Observation, PodObservation, PodSample } from './observation.js';
import { groupPods, requestMilli, type Totals } from './pod-groups.js';
import { isWithin, type Tolerances } from './tolerances.js';

export interface Sync {
  readonly observation: Observation;
  readonly tolerances: Tolerances;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/**
 * The replicas that a metric proposes (kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go). Undefined where it proposes
 * none: without an answer of its API, pods, a sample, or a request to measure against.
 */
export function proposedReplicas(metric: MetricSpec, reading: MetricReading, sync: Sync): number | undefined {
  if (!reading) return undefined;
  if ('target' in metric) return bySum(metric, 'valuesMilli' in reading ? reading.valuesMilli : [], sync);
  return 'byPod' in reading ? byPods(metric, reading.byPod, sync) : undefined;
}

/** One number for the whole target. */
function bySum(
  { type, target: { kind, milli } }: SingleMetricSpec,
  valuesMilli: readonly number[],
  { observation, tolerances }: Sync,
): number | undefined {
  const { specReplicas, statusReplicas, pods } = observation;
  let usage = 0;
  for (let i = 0; i < valuesMilli.length; i++) {
    usage += valuesMilli[i] as number;
    // The controller takes a sum below zero for one that overflowed, and asks for all there can be.
    if (usage < 0 && type === 'External' && kind === 'AverageValue') {
      usage = MOST_USAGE;
      break;
    }
  }
  if (kind === 'AverageValue') {
    const ratio = usage / (milli * statusReplicas);
    if (isWithin(tolerances, ratio)) return statusReplicas;
    const replicas = Math.ceil(usage / milli);
    return type === 'External' ? Math.min(replicas, MOST_REPLICAS) : wholeReplicas(replicas);
  }
  const ratio = usage / milli;
  if (specReplicas === 0) return wholeReplicas(ratio);
  if (isWithin(tolerances, ratio)) return specReplicas;
  return pods.length === 0 ? undefined : wholeReplicas(ratio * readyPods(pods));
}

/** A number for each pod: those that are starting or have none are taken to be such that they hold a change back. */
function byPods(
  metric: PodMetricSpec,
  byPod: ReadonlyMap<string, PodSample>,
  { observation, tolerances, options, nowMs }: Sync,
): number | undefined {
  const { pods, specReplicas } = observation;
  if (pods.length === 0) return undefined;
  const groups = groupPods(metric, pods, byPod, options, nowMs);
  const { counted, unready, missing } = groups;
  if (groups.samples === 0 || (groups.lacksRequest && 'utilizationPercent' in metric)) return undefined;
  const ratio = ratioOf(metric, groups);
  if (ratio === undefined) return undefined;

  const unreadyCount = unready.length > 0 && ratio > 1;
  if (!unreadyCount && missing.length === 0) {
    return isWithin(tolerances, ratio) ? specReplicas : wholeReplicas(ratio * counted);
  }
  let all: Totals = groups;
  if (ratio < 1) for (const pod of missing) all = withSample(all, metric, pod, atTarget(metric, pod));
  if (ratio > 1) for (const pod of missing) all = withSample(all, metric, pod, 0);
  if (unreadyCount) for (const pod of unready) all = withSample(all, metric, pod, 0);
  const cautious = ratioOf(metric, all) ?? ratio;
  const replicas = wholeReplicas(cautious * all.samples);
  const turns = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  const contradicts = (cautious < 1 && replicas > specReplicas) || (cautious > 1 && replicas < specReplicas);
  return isWithin(tolerances, cautious) || turns || contradicts ? specReplicas : replicas;
}

function withSample(totals: Totals, metric: PodMetricSpec, pod: PodObservation, valueMilli: number): Totals {
  const count = pod.count ?? 1;
  return {
    samples: totals.samples + count,
    usage: totals.usage + count * valueMilli,
    listedUsage: totals.listedUsage + count * valueMilli,
    requested: totals.requested + count * (requestMilli(metric, pod) ?? 0),
  };
}

/** Usage against target. Undefined if no sample is of a pod that requests anything. */
function ratioOf(metric: PodMetricSpec, { samples, usage, listedUsage, requested }: Totals): number | undefined {
  if (!('utilizationPercent' in metric)) return Math.trunc(usage / samples) / metric.averageMilli;
  return requested === 0 ? undefined : percentOf(listedUsage, requested) / metric.utilizationPercent;
}

/** What a pod without a sample is taken to use when the others use too little. */
function atTarget(metric: PodMetricSpec, pod: PodObservation): number {
  if (!('utilizationPercent' in metric)) return metric.averageMilli;
  return Math.trunc(((requestMilli(metric, pod) ?? 0) * Math.max(100, metric.utilizationPercent)) / 100);
}

/** Whole percents, as the controller's integers give them: a hundred times the bytes of many pods is beyond a double's. */
function percentOf(part: number, whole: number): number {
  return part * 100 <= Number.MAX_SAFE_INTEGER
    ? int32((part * 100) / whole)
    : Number(BigInt.asIntN(32, (BigInt(part) * 100n) / BigInt(whole)));
}

function readyPods(pods: readonly PodObservation[]): number {
  let ready = 0;
  for (const { phase, ready: condition, count = 1 } of pods) {
    if (phase === 'Running' && condition?.isTrue === true) ready += count;
  }
  return ready;
}

/** External metrics alone are held to what an int32 can be, and an int64. */
const MOST_REPLICAS = 2 ** 31 - 1;
const MOST_USAGE = 2 ** 63 - 1;

function wholeReplicas(replicas: number): number {
  return int32OfFloat(Math.ceil(replicas));
}
