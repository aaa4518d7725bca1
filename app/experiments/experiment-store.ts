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

/** Count, sum and sum of squares of a metric in one variant: enough for a mean and its interval. */
export interface VariantTotals {
  readonly variant: string;
  readonly units: number;
  readonly observations: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

export interface ExperimentStore {
  put(experiment: Experiment): Promise<void>;
  list(): Promise<readonly Experiment[]>;
  /** Idempotent by experiment and unit. @returns whether it was the unit's first */
  expose(exposure: Exposure): Promise<boolean>;
  observe(observation: Observation): Promise<void>;
  totals(experiment: string, metric: string): Promise<readonly VariantTotals[]>;
}
