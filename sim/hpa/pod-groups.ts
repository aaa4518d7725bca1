import type { ControllerOptions, PodObservation, PodSample } from './observation.js';

/** Samples that count, added up; the controller reckons with nothing else of them. */
export interface Totals {
  samples: number;
  usage: number;
  /** Of samples whose pod is listed. */
  listedUsage: number;
  requested: number;
}

/** The pods of a target, by what their samples are worth. */
export interface PodGroups {
  /** How many have a sample that counts. */
  readonly counted: number;
  readonly unready: readonly PodObservation[];
  readonly missing: readonly PodObservation[];
  readonly known: Totals;
}

type Requests = PodObservation['requestsMilli'];

const NOBODY: readonly PodObservation[] = [];

/** `groupPods` of kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go. */
export function groupPods(
  pods: readonly PodObservation[],
  byPod: Readonly<Record<string, PodSample>>,
  resource: string | undefined,
  options: ControllerOptions,
  nowMs: number,
): PodGroups {
  let unready: PodObservation[] | undefined;
  let missing: PodObservation[] | undefined;
  const known: Totals = { samples: 0, usage: 0, listedUsage: 0, requested: 0 };
  let counted = 0;
  let sampled = 0;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i] as PodObservation;
    const sample = byPod[pod.name];
    if (sample) sampled++;
    // A pod that is going is in no group.
    if (pod.isBeingDeleted === true || pod.phase === 'Failed') continue;
    if (pod.phase === 'Pending' || (sample && resource === 'cpu' && !hasWarmedUp(pod, sample, options, nowMs))) {
      unready ??= [];
      unready.push(pod);
    } else if (!sample) {
      missing ??= [];
      missing.push(pod);
    } else {
      counted++;
      addSample(known, sample.valueMilli, pod.requestsMilli, resource);
    }
  }
  addUnlisted(known, pods, byPod, sampled);
  return { counted, unready: unready ?? NOBODY, missing: missing ?? NOBODY, known };
}

export function addSample(to: Totals, valueMilli: number, requests: Requests, resource: string | undefined): void {
  to.samples++;
  to.usage += valueMilli;
  to.listedUsage += valueMilli;
  if (resource !== undefined) to.requested += requests[resource] ?? 0;
}

/** Of a pod that is not listed (any more) there may be a sample too. */
function addUnlisted(
  to: Totals,
  pods: readonly PodObservation[],
  byPod: Readonly<Record<string, PodSample>>,
  sampled: number,
): void {
  let all = 0;
  for (const _ in byPod) all++;
  if (all === sampled) return;
  const listed = new Set(pods.map(({ name }) => name));
  for (const [name, { valueMilli }] of Object.entries(byPod)) {
    if (listed.has(name)) continue;
    to.samples++;
    to.usage += valueMilli;
  }
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
