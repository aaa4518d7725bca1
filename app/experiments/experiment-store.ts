import type { Experiment } from './experiment.js';

/** One use of a variant by one unit; a unit counts once for each experiment. */
export interface Exposure {
  readonly experiment: string;
  readonly variant: string;
  readonly unit: string;
  readonly at: number;
}

/** A measured value of an exposed unit. */
export interface Observation {
  readonly experiment: string;
  readonly unit: string;
  readonly metric: string;
  readonly value: number;
  readonly at: number;
}

/**
 * A metric in one variant: enough for a mean and its interval. The unit was assigned, so the unit is what counts: a unit measured
 * several times enters once, by the mean of its values.
 */
export interface VariantTotals {
  readonly variant: string;
  /** Units exposed to the variant. */
  readonly units: number;
  /** Those of them with at least one observation of the metric. */
  readonly measuredUnits: number;
  /** Sum of the measured units' means. */
  readonly sum: number;
  /** Sum of the squares of the measured units' means. */
  readonly sumOfSquares: number;
}

/** Experiments, who was exposed to which variant, and what was measured of them. */
export interface ExperimentStore {
  /** Adds an experiment, or replaces the one of the same name. */
  put(experiment: Experiment): Promise<void>;
  /** Ordered by name. */
  list(): Promise<readonly Experiment[]>;
  /** Idempotent by experiment and unit: the first variant stays. @returns whether it was the unit's first exposure */
  expose(exposure: Exposure): Promise<boolean>;
  /** Keeps a value. One of a unit that was never exposed enters no total unless the unit is exposed later. */
  observe(observation: Observation): Promise<void>;
  /** Forgets a unit's exposures and what was measured of it, in every experiment: their totals are without it from then on. */
  forget(unit: string): Promise<void>;
  /** One entry for each variant that was exposed, ordered by variant. */
  totals(experiment: string, metric: string): Promise<readonly VariantTotals[]>;
}
