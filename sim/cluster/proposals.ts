import {
  CONTROLLER_DEFAULTS,
  type HpaSpec,
  type MetricSpec,
  type Observation,
  proposedReplicas,
  tolerancesOf,
} from '../hpa/index.js';

/** What one metric proposes of all values from `low` to `high`. */
interface Proposal {
  readonly metric: MetricSpec;
  replicas: number | undefined;
  low: number;
  high: number;
}

/**
 * What the metrics of an autoscaler propose of pods that stay as they are. No higher value proposes less: between two that propose the same
 * nobody has to ask.
 */
export class Proposals {
  readonly #proposals: readonly Proposal[];
  readonly #tolerances;
  #pods: Observation['pods'] | undefined;

  constructor(spec: HpaSpec) {
    this.#proposals = spec.metrics.map((metric) => ({ metric, replicas: undefined, low: 0, high: 0 }));
    this.#tolerances = tolerancesOf(spec, CONTROLLER_DEFAULTS);
  }

  /** Whether each metric proposes what it did when this was asked last, of the same pods. */
  areStill(observation: Observation, valuesMilli: Float64Array, nowMs: number): boolean {
    if (observation.pods !== this.#pods) this.#forget();
    this.#pods = observation.pods;
    let areSame = true;
    for (let at = 0; at < this.#proposals.length; at++) {
      const proposal = this.#proposals[at] as Proposal;
      const value = valuesMilli[at] as number;
      if (proposal.replicas !== undefined && value >= proposal.low && value <= proposal.high) continue;
      const sync = { observation, tolerances: this.#tolerances, options: CONTROLLER_DEFAULTS, nowMs };
      const replicas = proposedReplicas(proposal.metric, observation.readings[at], sync);
      const isSame = replicas !== undefined && replicas === proposal.replicas;
      if (!isSame) areSame = false;
      proposal.low = isSame ? Math.min(proposal.low, value) : value;
      proposal.high = isSame ? Math.max(proposal.high, value) : value;
      proposal.replicas = replicas;
    }
    return areSame;
  }

  #forget(): void {
    for (const proposal of this.#proposals) proposal.replicas = undefined;
  }
}
