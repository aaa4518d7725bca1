import type { MetricReading, PodObservation, PodSample } from '../hpa/index.js';
import type { Signal } from '../model/system.js';
import type { Pod } from './pod.js';

interface MutableSample {
  valueMilli: number;
  takenAtMs: number;
  windowMs: number;
}

interface SharedReading {
  readonly sample: MutableSample;
  readonly byPod: Record<string, PodSample>;
}

/**
 * What an autoscaler is shown of its workload's pods. Most syncs see the same pods as the one before, so it is kept and only written anew:
 * a year has fifteen million syncs.
 */
export class HpaView {
  /** One sample a metric, which all pods share: the model has the pods of a workload alike. */
  readonly #readings: readonly SharedReading[];
  #sampled: ReadonlySet<string> = new Set();
  #observations: PodObservation[] = [];
  #pods: readonly Pod[] = [];
  /** When the next of the pods starts or becomes ready, and when the next becomes one that has samples. */
  #changesAtMs = 0;
  #sampledBeforeMs = 0;

  constructor(
    signals: readonly Signal[],
    private readonly requestsMilli: PodObservation['requestsMilli'],
  ) {
    this.#readings = signals.map(() => ({ sample: { valueMilli: 0, takenAtMs: 0, windowMs: 0 }, byPod: {} }));
  }

  /** @param sampledAtMs when the pods were measured last: those that were ready by then have samples */
  look(active: readonly Pod[], nowMs: number, sampledAtMs: number): readonly PodObservation[] {
    const isSame = this.#isSame(active);
    if (!isSame || nowMs >= this.#changesAtMs) this.#observe(active, nowMs);
    if (!isSame || sampledAtMs >= this.#sampledBeforeMs) this.#nameSampled(active, sampledAtMs);
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

  #isSame(active: readonly Pod[]): boolean {
    if (active.length !== this.#pods.length) return false;
    for (let i = 0; i < active.length; i++) if (active[i] !== this.#pods[i]) return false;
    return true;
  }

  #observe(active: readonly Pod[], nowMs: number): void {
    this.#pods = active.slice();
    this.#changesAtMs = Number.POSITIVE_INFINITY;
    this.#observations = active.map(({ name, node, startedMs, readyMs }): PodObservation => {
      const started = startedMs <= nowMs;
      const isReady = readyMs <= nowMs;
      // Its times come with its node: until it has one, there is no telling.
      const next = node ? (started ? (isReady ? Number.POSITIVE_INFINITY : readyMs) : startedMs) : nowMs;
      this.#changesAtMs = Math.min(this.#changesAtMs, next);
      return {
        name,
        phase: node && started ? 'Running' : 'Pending',
        startedAtMs: started ? startedMs : undefined,
        ready: started ? { isTrue: isReady, sinceMs: isReady ? readyMs : startedMs } : undefined,
        requestsMilli: this.requestsMilli,
      };
    });
  }

  #nameSampled(active: readonly Pod[], sampledAtMs: number): void {
    this.#sampledBeforeMs = Number.POSITIVE_INFINITY;
    const sampled = new Set<string>();
    for (const { name, node, readyMs } of active) {
      if (readyMs <= sampledAtMs) sampled.add(name);
      else this.#sampledBeforeMs = Math.min(this.#sampledBeforeMs, node ? readyMs : sampledAtMs);
    }
    for (const name of this.#sampled)
      if (!sampled.has(name)) for (const { byPod } of this.#readings) delete byPod[name];
    for (const name of sampled) {
      if (!this.#sampled.has(name)) for (const { byPod, sample } of this.#readings) byPod[name] = sample;
    }
    this.#sampled = sampled;
  }
}
