import { CONTROLLER_DEFAULTS, type MetricReading, type PodObservation, type PodSample } from '../hpa/index.js';
import type { Signal } from '../model/system.js';
import type { Pod } from './pod.js';

const NEVER = Number.POSITIVE_INFINITY;
const SETTLING_MS = CONTROLLER_DEFAULTS.cpuInitializationMs;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface SharedReading {
  readonly sample: Mutable<PodSample>;
  readonly byPod: Map<string, PodSample>;
}

/**
 * What an autoscaler is shown of its workload's pods: those that it can't tell apart as one of so many, for the model has the pods of a
 * workload alike. Most syncs see what the one before saw, so it is kept: a year has fifteen million syncs.
 */
export class HpaView {
  /** One sample a metric, which all pods share. */
  readonly #readings: readonly SharedReading[];
  #pods: readonly Pod[] | undefined;
  #observations: PodObservation[] = [];
  /** When the next of the pods starts, becomes ready or has settled, and when the next becomes one that has samples. */
  #changesAtMs = NEVER;
  #sampledFromMs = NEVER;

  constructor(
    signals: readonly Signal[],
    private readonly requestsMilli: PodObservation['requestsMilli'],
  ) {
    this.#readings = signals.map(() => ({ sample: { valueMilli: 0, takenAtMs: 0, windowMs: 0 }, byPod: new Map() }));
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

  /** The same value for each pod that has samples. */
  each(signal: number, value: number, takenAtMs: number, windowMs: number): MetricReading {
    const reading = this.#readings[signal] as SharedReading;
    const { sample } = reading;
    sample.valueMilli = Math.round(value * 1000);
    sample.takenAtMs = takenAtMs;
    sample.windowMs = windowMs;
    return reading;
  }

  #observe(active: readonly Pod[], nowMs: number, sampledAtMs: number): void {
    this.#observations = [];
    this.#changesAtMs = NEVER;
    this.#sampledFromMs = NEVER;
    for (const { byPod } of this.#readings) byPod.clear();
    for (let first = 0, next = 0; first < active.length; first = next) {
      const pod = active[first] as Pod;
      const settled = isSettled(pod, nowMs, sampledAtMs);
      for (next++; next < active.length; next++) {
        const other = active[next] as Pod;
        if (!isAlike(pod, other) && !(settled && isSettled(other, nowMs, sampledAtMs))) break;
      }
      this.#observations.push(this.#observation(pod, next - first, nowMs));
      if (pod.readyMs > sampledAtMs) this.#sampledFromMs = Math.min(this.#sampledFromMs, pod.readyMs);
      else for (const { byPod, sample } of this.#readings) byPod.set(pod.name, sample);
    }
  }

  #observation({ name, startedMs, readyMs }: Pod, count: number, nowMs: number): PodObservation {
    const isStarted = startedMs <= nowMs;
    const isReady = readyMs <= nowMs;
    const next = [startedMs, readyMs, startedMs + SETTLING_MS].find((atMs) => atMs > nowMs) ?? NEVER;
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
