import type { PodMetricSpec } from './hpa-spec.js';
import type { ControllerOptions, PodObservation, PodSample, RequestsMilli } from './observation.js';

/** The pods of a target by what their samples are worth, and the samples that count, added up. */
export interface PodGroups extends Totals {
  /** How many have a sample that counts. */
  readonly counted: number;
  readonly unready: readonly PodObservation[];
  readonly missing: readonly PodObservation[];
  /** Whether there is a pod with a container that requests nothing of the resource. */
  readonly lacksRequest: boolean;
}

/** Samples added up; the controller reckons with nothing else of them. */
export interface Totals {
  readonly samples: number;
  readonly usage: number;
  /** Of samples whose pod is listed. */
  readonly listedUsage: number;
  readonly requested: number;
}

const NOBODY: readonly PodObservation[] = [];

/** `groupPods` of kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go, with the sums over what it leaves. */
export function groupPods(
  metric: PodMetricSpec,
  pods: readonly PodObservation[],
  byPod: ReadonlyMap<string, PodSample>,
  options: ControllerOptions,
  nowMs: number,
): PodGroups {
  const isCpu = metric.type !== 'Pods' && metric.resource === 'cpu';
  let unready: PodObservation[] | undefined;
  let missing: PodObservation[] | undefined;
  let lacksRequest = false;
  let counted = 0;
  let sampled = 0;
  let usage = 0;
  let requested = 0;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i] as PodObservation;
    const count = pod.count ?? 1;
    const sample = byPod.get(pod.name);
    const request = requestMilli(metric, pod);
    if (sample) sampled++;
    if (request === undefined) lacksRequest = true;
    // A pod that is going is in no group.
    if (pod.isBeingDeleted === true || pod.phase === 'Failed') continue;
    if (pod.phase === 'Pending' || (sample && isCpu && !hasWarmedUp(pod, sample, options, nowMs))) {
      unready ??= [];
      unready.push(pod);
    } else if (!sample) {
      missing ??= [];
      missing.push(pod);
    } else {
      counted += count;
      usage += count * sample.valueMilli;
      requested += count * (request ?? 0);
    }
  }
  const groups = {
    counted,
    unready: unready ?? NOBODY,
    missing: missing ?? NOBODY,
    lacksRequest,
    samples: counted,
    usage,
    listedUsage: usage,
    requested,
  };
  return byPod.size === sampled ? groups : withUnlisted(groups, pods, byPod);
}

/** What a pod requests of what the metric measures; undefined if one of the containers that count requests nothing. */
export function requestMilli(metric: PodMetricSpec, { requestsMilli, containers }: PodObservation): number | undefined {
  if (metric.type === 'Pods') return 0;
  if (metric.type === 'Resource') return requestsMilli[metric.resource];
  const own: RequestsMilli | undefined = containers?.[metric.container];
  return own ? own[metric.resource] : 0;
}

/** Of a pod that is not listed (any more) there may be a sample too. */
function withUnlisted(
  groups: PodGroups,
  pods: readonly PodObservation[],
  byPod: ReadonlyMap<string, PodSample>,
): PodGroups {
  let { samples, usage } = groups;
  const names = new Set(pods.map(({ name }) => name));
  for (const [name, { valueMilli }] of byPod) {
    if (names.has(name)) continue;
    samples++;
    usage += valueMilli;
  }
  return { ...groups, samples, usage };
}

/** A pod's CPU while it starts says nothing of its load. */
function hasWarmedUp(
  { ready, startedAtMs }: PodObservation,
  { takenAtMs, windowMs }: PodSample,
  { cpuInitializationMs, initialReadinessDelayMs }: ControllerOptions,
  nowMs: number,
): boolean {
  if (!ready || startedAtMs === undefined) return false;
  if (startedAtMs + cpuInitializationMs > nowMs) return ready.isTrue && takenAtMs >= ready.sinceMs + windowMs;
  return ready.isTrue || startedAtMs + initialReadinessDelayMs <= ready.sinceMs;
}
