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

/** An observation that its sender has named, so that it may be sent again. */
export interface Outcome extends Observation {
  /** The user that tells it, as a unit: itself, or that whose session is the unit. */
  readonly sender: string;
  /** Unique among the sender's outcomes in the experiment: what is of one session is of no other. */
  readonly id: string;
}

/** What became of an outcome: kept now, kept before, or another was kept under its id: of another unit, metric or value. */
export type OutcomeReceipt = 'recorded' | 'repeated' | 'different';

/** A change of an experiment's definition. */
export interface ExperimentChange {
  readonly at: number;
  /** Who made it. */
  readonly by: string;
  /** `null` before there was one. */
  readonly before: Experiment | null;
  readonly after: Experiment;
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
  /** Those of them with an observation above 0. */
  readonly successes: number;
  /** Sum of the measured units' means. */
  readonly sum: number;
  /** Sum of the squares of the measured units' means. */
  readonly sumOfSquares: number;
}

/** What is known of a variant's measured units from before they were exposed: of those of whom something is. */
export interface VariantPrior {
  readonly variant: string;
  readonly units: number;
  /** Sum of the units' means of what was measured before, */
  readonly sum: number;
  readonly sumOfSquares: number;
  /** of their products with those of what was measured after, */
  readonly sumOfProducts: number;
  /** and of the latter. */
  readonly sumAfter: number;
}

/** Experiments, who was exposed to which variant, and what was measured of them. */
export interface ExperimentStore {
  /** Adds an experiment, or replaces the one of the same name; what changed and who did it is kept. Nothing happens if nothing changes. */
  put(experiment: Experiment, by: string, at: number): Promise<void>;
  /** Ordered by name. */
  list(): Promise<readonly Experiment[]>;
  /** Every change of an experiment, the oldest first. */
  changes(experiment: string): Promise<readonly ExperimentChange[]>;
  /** Idempotent by experiment and unit: the first variant stays. @returns whether it was the unit's first exposure */
  expose(exposure: Exposure): Promise<boolean>;
  /** The variant that the unit was exposed to, by experiment. */
  exposedVariants(unit: string): Promise<ReadonlyMap<string, string>>;
  /** Units by the variant they were exposed to, first at `since` or later. */
  exposedUnits(experiment: string, since: number): Promise<ReadonlyMap<string, number>>;
  /** Keeps a value. What a unit had before it was exposed enters no total, and is its prior value if it is exposed later. */
  observe(observation: Observation): Promise<void>;
  /** The same, once for each id. */
  recordOutcome(outcome: Outcome): Promise<OutcomeReceipt>;
  /**
   * Forgets a unit's exposures and what was measured of it, in every experiment: their totals are without it from then on.
   * @param prefix with it, all units whose name begins so are forgotten too
   */
  forget(unit: string, prefix?: string): Promise<void>;
  /** One entry for each variant that was exposed, ordered by variant. */
  totals(experiment: string, metric: string): Promise<readonly VariantTotals[]>;
  /** The metric from before the exposure, one entry for each variant with such units, ordered by variant. */
  priors(experiment: string, metric: string): Promise<readonly VariantPrior[]>;
  /** The mean of the unit that is at the rank, from 1, among the measured units of a variant; undefined beyond the last. */
  valueAt(
    of: { readonly experiment: string; readonly metric: string; readonly variant: string },
    rank: number,
  ): Promise<number | undefined>;
}
