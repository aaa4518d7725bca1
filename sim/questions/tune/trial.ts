import type { ScalingProps } from '../../model/system.js';
import type { SimulationResult } from '../../report/result.js';
import { type Objective, shortcomings, strainOf } from '../objective.js';

/** What became of one setting of the props. */
export interface Trial {
  readonly props: ScalingProps;
  /** A month of the load, without the models: their tokens are the load's, and a request that fails would seem to save them. */
  readonly monthlyUsd: number;
  /** The part of it that pays for room which no pod requests. */
  readonly unusedUsd: number;
  /** Share of what the objectives allow that is used, of the one that is strained most. */
  readonly strain: number;
  readonly isKept: boolean;
  /** What breaks, the first first. */
  readonly breaks: readonly string[];
}

export function trialOf(props: ScalingProps, result: SimulationResult, objectives: readonly Objective[]): Trial {
  const { cost, costUsd, monthlyUsd } = result.totals;
  const usdOf = (name: string) => cost.find(({ component }) => component === name)?.usd ?? 0;
  const monthly = (usd: number) => (costUsd > 0 ? (usd * monthlyUsd) / costUsd : 0);
  const breaks = shortcomings(result, objectives);
  return {
    props,
    monthlyUsd: monthly(costUsd - usdOf('models')),
    unusedUsd: monthly(usdOf('unused room')),
    strain: strainOf(result, objectives),
    isKept: breaks.length === 0,
    breaks,
  };
}

/** A change that wins less is chance. */
const LEAST_GAIN = 0.001;

/**
 * Deb's rules (An efficient constraint handling method for genetic algorithms, 2000): what keeps the objectives is better than what does not, of
 * two that do the cheaper, of two that do not the one that strains them less.
 */
export function isBetter(one: Trial, other: Trial): boolean {
  if (one.isKept !== other.isKept) return one.isKept;
  const [mine, theirs] = one.isKept ? [weighed(one), weighed(other)] : [one.strain, other.strain];
  return mine < theirs * (1 - LEAST_GAIN);
}

/** Nodes are bought whole: half of the room that stands empty counts as won, for two such steps empty a node. */
function weighed({ monthlyUsd, unusedUsd }: Trial): number {
  return monthlyUsd - unusedUsd / 2;
}

/** Trials that no other beats in both money and strain, the cheapest first. */
export function paretoFront(trials: readonly Trial[]): readonly Trial[] {
  const front: Trial[] = [];
  for (const trial of [...trials].sort((a, b) => a.monthlyUsd - b.monthlyUsd || a.strain - b.strain)) {
    if (trial.strain < (front.at(-1)?.strain ?? Number.POSITIVE_INFINITY)) front.push(trial);
  }
  return front;
}
