import {
  CONTROLLER_DEFAULTS,
  type HpaSpec,
  type MetricSpec,
  type Observation,
  proposedReplicas,
  tolerancesOf,
} from '../hpa/index.js';

/** All values between these two propose the same, for no higher value proposes less. */
interface Range {
  low: number;
  high: number;
}

interface MetricProposals {
  readonly metric: MetricSpec;
  /** By what they propose. */
  readonly ranges: Map<number, Range>;
  /** The last value's; undefined where it proposed nothing. */
  range: Range | undefined;
}

/**
 * What the metrics of an autoscaler propose while all its pods are there, ready and measured, which their number then decides. Where a value
 * lies between two that propose the same, nobody has to ask.
 */
export class Proposals {
  readonly #metrics: readonly MetricProposals[];
  readonly #tolerances;
  #replicas = 0;

  constructor(spec: HpaSpec) {
    this.#metrics = spec.metrics.map((metric) => ({ metric, ranges: new Map(), range: undefined }));
    this.#tolerances = tolerancesOf(spec, CONTROLLER_DEFAULTS);
  }

  /** Whether it is known, without asking, that each metric proposes what it did last. */
  areKnown(replicas: number, valuesMilli: Float64Array): boolean {
    if (replicas !== this.#replicas) return false;
    for (let at = 0; at < this.#metrics.length; at++) {
      const { range } = this.#metrics[at] as MetricProposals;
      if (!isWithin(range, valuesMilli[at] as number)) return false;
    }
    return true;
  }

  /** @returns whether each metric proposes what it did when it was asked last */
  areStill(observation: Observation, valuesMilli: Float64Array, nowMs: number): boolean {
    if (observation.specReplicas !== this.#replicas) this.#forget();
    this.#replicas = observation.specReplicas;
    let areSame = true;
    for (let at = 0; at < this.#metrics.length; at++) {
      const own = this.#metrics[at] as MetricProposals;
      const value = valuesMilli[at] as number;
      if (isWithin(own.range, value)) continue;
      const sync = { observation, tolerances: this.#tolerances, options: CONTROLLER_DEFAULTS, nowMs };
      const replicas = proposedReplicas(own.metric, observation.readings[at], sync);
      const range = replicas === undefined ? undefined : widened(own.ranges, replicas, value);
      if (range === undefined || range !== own.range) areSame = false;
      own.range = range;
    }
    return areSame;
  }

  /** A sync went by without asking: what was proposed last is not what was decided by last. */
  pass(): void {
    for (const own of this.#metrics) own.range = undefined;
  }

  #forget(): void {
    this.pass();
    for (const { ranges } of this.#metrics) ranges.clear();
  }
}

function widened(ranges: Map<number, Range>, replicas: number, value: number): Range {
  const range = ranges.get(replicas) ?? { low: value, high: value };
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
  ranges.set(replicas, range);
  return range;
}

function isWithin(range: Range | undefined, value: number): boolean {
  return range !== undefined && value >= range.low && value <= range.high;
}
