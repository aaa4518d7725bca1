import type { ControllerOptions, PodObservation, PodSample } from './observation.js';

/** The pods of a target, by what their samples are worth. */
export interface PodGroups {
  /** How many have a sample that counts. */
  readonly counted: number;
  readonly unready: readonly PodObservation[];
  readonly missing: readonly PodObservation[];
  /** Samples that count, by pod. */
  readonly samples: ReadonlyMap<string, number>;
}

/** `groupPods` of kubernetes v1.34, pkg/controller/podautoscaler/replica_calculator.go. */
export function groupPods(
  pods: readonly PodObservation[],
  byPod: Readonly<Record<string, PodSample>>,
  resource: string | undefined,
  options: ControllerOptions,
  nowMs: number,
): PodGroups {
  const unready: PodObservation[] = [];
  const missing: PodObservation[] = [];
  // Of a pod that is not listed (any more) there may be a sample too.
  const samples = new Map(Object.entries(byPod).map(([name, { valueMilli }]) => [name, valueMilli]));
  let counted = 0;
  for (const pod of pods) {
    const sample = byPod[pod.name];
    if (pod.isBeingDeleted === true || pod.phase === 'Failed') {
      samples.delete(pod.name);
    } else if (pod.phase === 'Pending' || (sample && resource === 'cpu' && !hasWarmedUp(pod, sample, options, nowMs))) {
      unready.push(pod);
      samples.delete(pod.name);
    } else if (!sample) {
      missing.push(pod);
    } else {
      counted++;
    }
  }
  return { counted, unready, missing, samples };
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
