import type { MetricSpec, PodMetricSpec, SingleMetricSpec } from './hpa-spec.js';
import type { ControllerOptions, Observation, PodObservation, PodSample } from './observation.js';
import { addSample, groupPods, type Totals } from './pod-groups.js';
import { isWithin, type Tolerances } from './tolerances.js';

/** What one metric makes of the replicas, or that it makes nothing of them. */
export type Proposal =
  | { readonly replicas: number }
  | { readonly replicas: undefined; readonly why: 'no metric' | 'no pods' | 'no sample' | 'no request' };

const NO_METRIC: Proposal = { replicas: undefined, why: 'no metric' };
const NO_PODS: Proposal = { replicas: undefined, why: 'no pods' };
const NO_SAMPLE: Proposal = { replicas: undefined, why: 'no sample' };
const NO_REQUEST: Proposal = { replicas: undefined, why: 'no request' };

export interface Sync {
  readonly observation: Observation;
  readonly tolerances: Tolerances;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/** What the metric at one place of the spec proposes (kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go). */
export function proposalOf(metric: MetricSpec, index: number, sync: Sync): Proposal {
  const reading = sync.observation.readings[index];
  if (!reading) return NO_METRIC;
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
  if (pods.length === 0) return NO_PODS;
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
  if (pods.length === 0) return NO_PODS;
  const resource = metric.type === 'Resource' ? metric.resource : undefined;
  const { counted, unready, missing, known } = groupPods(pods, byPod, resource, options, nowMs);
  if (known.samples === 0) return NO_SAMPLE;
  if ('utilizationPercent' in metric && !allRequest(pods, metric.resource)) return NO_REQUEST;
  const ratio = ratioOf(metric, known);
  if (ratio === undefined) return NO_REQUEST;

  const unreadyCount = unready.length > 0 && ratio > 1;
  if (!unreadyCount && missing.length === 0) {
    return { replicas: isWithin(tolerances, ratio) ? specReplicas : Math.ceil(ratio * counted) };
  }
  const samples = { ...known };
  for (const pod of missing) {
    if (ratio < 1) addSample(samples, atTarget(metric, pod), pod.requestsMilli, resource);
    if (ratio > 1) addSample(samples, 0, pod.requestsMilli, resource);
  }
  if (unreadyCount) for (const pod of unready) addSample(samples, 0, pod.requestsMilli, resource);
  const cautious = ratioOf(metric, samples) ?? ratio;
  const replicas = Math.ceil(cautious * samples.samples);
  const turns = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  const contradicts = (cautious < 1 && replicas > specReplicas) || (cautious > 1 && replicas < specReplicas);
  return { replicas: isWithin(tolerances, cautious) || turns || contradicts ? specReplicas : replicas };
}

function allRequest(pods: readonly PodObservation[], resource: string): boolean {
  for (let i = 0; i < pods.length; i++) if (pods[i]?.requestsMilli[resource] === undefined) return false;
  return true;
}

/** Usage against target. Undefined if no sample is of a pod that requests anything. */
function ratioOf(metric: PodMetricSpec, { samples, usage, listedUsage, requested }: Totals): number | undefined {
  if (!('utilizationPercent' in metric)) return Math.trunc(usage / samples) / metric.averageMilli;
  return requested === 0 ? undefined : percentOf(listedUsage, requested) / metric.utilizationPercent;
}

/** What a pod without a sample is taken to use when the others use too little. */
function atTarget(metric: PodMetricSpec, { requestsMilli }: PodObservation): number {
  if (!('utilizationPercent' in metric)) return metric.averageMilli;
  return Math.trunc(((requestsMilli[metric.resource] ?? 0) * Math.max(100, metric.utilizationPercent)) / 100);
}

/** Whole percents, as the controller's integers give them: a hundred times the bytes of many pods is beyond a double's. */
function percentOf(part: number, whole: number): number {
  return part * 100 <= Number.MAX_SAFE_INTEGER
    ? Math.trunc((part * 100) / whole)
    : Number((BigInt(part) * 100n) / BigInt(whole));
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
