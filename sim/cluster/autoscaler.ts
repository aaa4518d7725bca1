import {
  type HpaConditions,
  type HpaSpec,
  type HpaState,
  NEW_HPA,
  type Observation,
  reconcile,
  stillCounting,
} from '../hpa/index.js';
import type { PodRequests, WorkloadModel } from '../model/system.js';
import { HpaView } from './hpa-view.js';
import type { Pod } from './pod.js';
import { Proposals } from './proposals.js';

/** What one sync looks at. */
export interface Target {
  /** Replicas that are asked for. */
  readonly wanted: number;
  /** Another array whenever a pod has come, gone or been given a node. */
  readonly active: readonly Pod[];
  /** When the pods were measured last. */
  readonly sampledAtMs: number;
  /** What each metric reads, in thousandths. */
  readonly valuesMilli: Float64Array;
}

/**
 * The autoscaler of one workload, from sync to sync. Most syncs of a long run decide nothing new, for neither pods nor proposals have changed and
 * nothing that is remembered can: those are not reckoned again. `autoscaler.test.ts` holds them against the same syncs reckoned.
 */
export class Autoscaler {
  readonly #spec: HpaSpec;
  readonly #view: HpaView;
  readonly #proposals: Proposals;
  #state: HpaState = NEW_HPA;
  /** Whether the last sync would decide the same again, as long as it is asked for the same. */
  #isSteady = false;
  #lastMs = 0;

  constructor(
    { spec, signals }: NonNullable<WorkloadModel['autoscaler']>,
    { cpuMilli, memoryBytes }: PodRequests,
    windowMs: number,
  ) {
    this.#spec = spec;
    this.#view = new HpaView(signals, { cpu: cpuMilli, memory: memoryBytes * 1000 }, windowMs);
    this.#proposals = new Proposals(spec);
  }

  get conditions(): HpaConditions {
    return this.#state.conditions;
  }

  /** @returns replicas that are asked for from now on */
  sync({ wanted, active, sampledAtMs, valuesMilli }: Target, nowMs: number): number {
    const pods = this.#view.look(active, nowMs, sampledAtMs);
    const areAllThere = this.#view.isSettled && active.length === wanted;
    const canBeQuiet = this.#isSteady && areAllThere;
    if (!canBeQuiet) this.#proposals.pass();
    if (!canBeQuiet || !this.#proposals.areKnown(wanted, valuesMilli)) {
      const readings = this.#view.read(valuesMilli, sampledAtMs);
      const observation = { specReplicas: wanted, statusReplicas: active.length, pods, readings };
      const isQuiet = canBeQuiet && this.#proposals.areStill(observation, valuesMilli, nowMs);
      if (!isQuiet) return this.#reconcile(observation, nowMs);
    }
    this.#lastMs = nowMs;
    return wanted;
  }

  #reconcile(observation: Observation, nowMs: number): number {
    const spec = this.#spec;
    const before = this.#state;
    const { replicas, state } = reconcile(spec, this.#brought(before), observation, nowMs);
    const recommendations = stillCounting(spec, state.recommendations, nowMs);
    this.#state = { ...state, recommendations };
    this.#lastMs = nowMs;
    const desired = recommendations.replicas[0] as number;
    // Else it is the pace that holds it, or what is remembered, and both change with time.
    const isHeldForGood =
      desired === replicas ||
      (desired < replicas && replicas === spec.minReplicas) ||
      (desired > replicas && replicas === spec.maxReplicas);
    this.#isSteady =
      replicas === observation.specReplicas &&
      state.conditions === before.conditions &&
      recommendations.atMs.length === 1 &&
      recommendations.atMs[0] === nowMs &&
      isHeldForGood;
    return replicas;
  }

  /** With the syncs that were not reckoned: they recommended what the one before them did. */
  #brought(state: HpaState): HpaState {
    if (!this.#isSteady) return state;
    const { replicas } = state.recommendations;
    return { ...state, recommendations: { replicas, atMs: [this.#lastMs] } };
  }
}
