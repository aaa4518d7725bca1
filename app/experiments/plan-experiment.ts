import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { alwaysValidZ } from './always-valid.js';
import { twoSidedZ } from './difference.js';

/** What an experiment of one treatment is to find. */
export interface Effect {
  /** Standard deviation of one unit's value, if there were no effect: of a proportion p it is sqrt(p (1 - p)). */
  readonly deviationWithout: number;
  /** The same with the effect there, as a root mean square over both variants; for means usually the same. */
  readonly deviationWith: number;
  /** Least difference worth finding. */
  readonly difference: number;
}

/** The effect of a proportion going from `before` to `after`, at two variants of the same size. */
export function effectOnProportion(before: number, after: number): Effect {
  const middle = (before + after) / 2;
  return {
    deviationWithout: Math.sqrt(middle * (1 - middle)),
    deviationWith: Math.sqrt((before * (1 - before) + after * (1 - after)) / 2),
    difference: after - before,
  };
}

export interface ExperimentPlan {
  /** For one look at the end. */
  readonly unitsPerVariant: number;
  readonly days: number;
  /** By when results that are valid at every look have found it with the same chance; on average they need less. */
  readonly alwaysValidUnitsPerVariant: number;
  readonly alwaysValidDays: number;
}

/** Chance that one look at `unitsPerVariant` finds the effect: Fleiss, Levin, Paik, 3rd ed., section 4.2. */
export function powerOf(effect: Effect, unitsPerVariant: number, alpha: number): number {
  const scale = Math.sqrt(2 / unitsPerVariant);
  const bound = twoSidedZ(alpha) * effect.deviationWithout * scale;
  const error = effect.deviationWith * scale;
  return normalCdf((effect.difference - bound) / error, 0, 1) + normalCdf((-effect.difference - bound) / error, 0, 1);
}

/** How many units and days an experiment of two variants of the same size needs to find an effect with chance `power`. */
export function planExperiment(
  effect: Effect,
  { power, alpha, unitsPerDay, tunedForUnits }: Readonly<Record<PlanProp, number>>,
): ExperimentPlan {
  const unitsPerVariant = fewest((units) => powerOf(effect, units, alpha) >= power);
  // It has been found by then at the latest if that one look finds it; it may have been before.
  const alwaysValidUnitsPerVariant = fewest((units) => {
    const error = effect.deviationWith * Math.sqrt(2 / units);
    const z = alwaysValidZ(2 * units, alpha, tunedForUnits);
    return Math.abs(effect.difference) / error >= z + normalQuantile(power, 0, 1);
  });
  const daysOf = (units: number) => Math.ceil((2 * units) / unitsPerDay);
  return {
    unitsPerVariant,
    days: daysOf(unitsPerVariant),
    alwaysValidUnitsPerVariant,
    alwaysValidDays: daysOf(alwaysValidUnitsPerVariant),
  };
}

type PlanProp = 'power' | 'alpha' | 'unitsPerDay' | 'tunedForUnits';

/** @throws if the difference is 0: no number of units finds that */
function fewest(isEnough: (units: number) => boolean): number {
  let [low, high] = [1, 2];
  while (!isEnough(high)) {
    [low, high] = [high, high * 2];
    if (high > Number.MAX_SAFE_INTEGER) throw new Error('A difference of 0 is never found: name one that is worth it.');
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
