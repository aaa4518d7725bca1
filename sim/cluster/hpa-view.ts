import { CONTROLLER_DEFAULTS, type MetricReading, type PodObservation, type PodSample } from '../hpa/index.js';
import type { Signal } from '../model/system.js';
import type { Pod } from './pod.js';

const NEVER = Number.POSITIVE_INFINITY;
const SETTLING_MS = CONTROLLER_DEFAULTS.cpuInitializationMs;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of one metric: a value for each pod, which all share, or one that belongs to no pod. */
type Reading =
  | { readonly sample: Mutable<PodSample>; readonly byPod: Map<string, PodSample> }
  | { readonly valuesMilli: [number] };

/**
 * What an autoscaler is shown of its workload's pods: those that it can't tell apart as one of so many, for the model has the pods of a
 * workload alike. Most syncs see what the one before saw, so it is kept: a year has fifteen million syncs.
 */
export class HpaView {
  /** One for each metric, written anew at every sync. */
  readonly #readings: readonly Reading[];
  readonly #perPod: readonly Extract<Reading, { readonly byPod: unknown }>[];
  /** Whether all pods are ready and measured, and will be looked upon as they are now until one comes or goes. */
  isSettled = false;
  #pods: readonly Pod[] | undefined;
  #observations: PodObservation[] = [];
  #sampled: readonly string[] = [];
  /** When the next of the pods starts, becomes ready or has settled, and when the next becomes one that has samples. */
  #changesAtMs = NEVER;
  #sampledFromMs = NEVER;

  constructor(
    signals: readonly Signal[],
    private readonly requestsMilli: PodObservation['requestsMilli'],
    windowMs: number,
  ) {
    this.#readings = signals.map((signal) =>
      isSingle(signal) ? { valuesMilli: [0] } : { sample: { valueMilli: 0, takenAtMs: 0, windowMs }, byPod: new Map() },
    );
    this.#perPod = this.#readings.flatMap((reading) => ('byPod' in reading ? reading : []));
  }

  /**
   * @param active another array whenever a pod has come, gone or been given a node
   * @param sampledAtMs when the pods were measured last: those that were ready by then have samples
   */
  look(active: readonly Pod[], nowMs: number, sampledAtMs: number): readonly PodObservation[] {
    if (active !== this.#pods || nowMs >= this.#changesAtMs || sampledAtMs >= this.#sampledFromMs) {
      this.#pods = active;
      this.#observe(active, nowMs, sampledAtMs);
    }
    return this.#observations;
  }

  /** The metrics' values, in thousandths. */
  read(valuesMilli: Float64Array, takenAtMs: number): readonly MetricReading[] {
    for (let at = 0; at < this.#readings.length; at++) {
      const reading = this.#readings[at] as Reading;
      const value = valuesMilli[at] as number;
      if ('byPod' in reading) {
        reading.sample.valueMilli = value;
        reading.sample.takenAtMs = takenAtMs;
      } else reading.valuesMilli[0] = value;
    }
    return this.#readings;
  }

  #observe(active: readonly Pod[], nowMs: number, sampledAtMs: number): void {
    this.#observations = [];
    this.#changesAtMs = NEVER;
    this.#sampledFromMs = NEVER;
    this.isSettled = true;
    const sampled: string[] = [];
    for (let first = 0, next = 0; first < active.length; first = next) {
      const pod = active[first] as Pod;
      const settled = isSettled(pod, nowMs, sampledAtMs);
      if (!settled) this.isSettled = false;
      for (next++; next < active.length; next++) {
        const other = active[next] as Pod;
        if (!isAlike(pod, other) && !(settled && isSettled(other, nowMs, sampledAtMs))) break;
      }
      this.#observations.push(this.#observation(pod, next - first, nowMs));
      if (pod.readyMs > sampledAtMs) this.#sampledFromMs = Math.min(this.#sampledFromMs, pod.readyMs);
      else sampled.push(pod.name);
    }
    this.#sample(sampled);
  }

  /** Gives these pods samples, and no others. Mostly they are those that have them: a map costs more to empty than to compare. */
  #sample(names: readonly string[]): void {
    if (names.length === this.#sampled.length && names.every((name, at) => name === this.#sampled[at])) return;
    this.#sampled = names;
    for (const { byPod, sample } of this.#perPod) {
      byPod.clear();
      for (const name of names) byPod.set(name, sample);
    }
  }

  #observation({ name, startedMs, readyMs }: Pod, count: number, nowMs: number): PodObservation {
    const isStarted = startedMs <= nowMs;
    const isReady = readyMs <= nowMs;
    const settledMs = startedMs + SETTLING_MS > nowMs ? startedMs + SETTLING_MS : NEVER;
    const next = isReady ? settledMs : isStarted ? readyMs : startedMs;
    this.#changesAtMs = Math.min(this.#changesAtMs, next);
    return {
      name,
      phase: isStarted ? 'Running' : 'Pending',
      startedAtMs: isStarted ? startedMs : undefined,
      ready: isStarted ? { isTrue: isReady, sinceMs: isReady ? readyMs : startedMs } : undefined,
      requestsMilli: this.requestsMilli,
      count,
    };
  }
}

/** Pods without a node have the same times too: those that never come. */
function isAlike(one: Pod, other: Pod): boolean {
  return one.startedMs === other.startedMs && one.readyMs === other.readyMs;
}

/** Ready for so long that the controller asks no more when it started. */
function isSettled({ startedMs, readyMs }: Pod, nowMs: number, sampledAtMs: number): boolean {
  return startedMs + SETTLING_MS <= nowMs && readyMs <= sampledAtMs;
}

function isSingle(signal: Signal): boolean {
  switch (signal.kind) {
    case 'quantile':
      return signal.summed;
    case 'rate':
      return signal.of === 'all';
    case 'backlog':
    case 'silent':
      return true;
    default:
      return false;
  }
}
