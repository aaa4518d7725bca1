import { drawHits } from '../canary/seeded-random.fixture.js';
import { alwaysValid } from './always-valid.js';
import type { Difference } from './difference.js';
import type { Moments } from './moments.js';
import { compareQuantiles, quantileRanks } from './quantile-difference.js';
import { compareProportions } from './two-proportions.js';
import { compareMeans, estimateOf } from './welch.js';

/** What a variant has measured. */
interface Measured {
  readonly units: number;
}

/** Adds one look's units to what a variant has measured, which is nothing at first. */
export type DrawUnits<M extends Measured = Moments> = (sofar: M | undefined, random: () => number) => M;

export interface SimulatedExperiment<M extends Measured = Moments> {
  readonly control: DrawUnits<M>;
  readonly treatment: DrawUnits<M>;
  readonly looks: number;
  readonly compare: (control: M, treatment: M, alpha: number) => Difference;
}

/** Units of whom a share does what is counted. */
export function proportionUnits(unitsPerLook: number, share: number): DrawUnits {
  return ({ units, sum } = NOTHING, random) => {
    const successes = sum + drawHits(unitsPerLook, share, random);
    return { units: units + unitsPerLook, sum: successes, sumOfSquares: successes };
  };
}

/** Units whose values are exponentially distributed: as skewed as times and costs are. */
export function skewedUnits(unitsPerLook: number, mean: number): DrawUnits {
  return ({ units, sum, sumOfSquares } = NOTHING, random) => {
    let [added, addedSquares] = [0, 0];
    for (let unit = 0; unit < unitsPerLook; unit++) {
      const value = -mean * Math.log1p(-random());
      added += value;
      addedSquares += value * value;
    }
    return { units: units + unitsPerLook, sum: sum + added, sumOfSquares: sumOfSquares + addedSquares };
  };
}

/** Values in their order. */
export interface Ordered extends Measured {
  readonly sorted: Float64Array;
}

/** The same values, of which a quantile is compared. */
export function orderedUnits(unitsPerLook: number, mean: number): DrawUnits<Ordered> {
  return (sofar, random) => {
    const added = Float64Array.from({ length: unitsPerLook }, () => -mean * Math.log1p(-random())).sort();
    const sorted = sofar ? merged(sofar.sorted, added) : added;
    return { units: sorted.length, sorted };
  };
}

/** Both in one order: what was in order is not sorted again at each of a hundred looks. */
function merged(one: Float64Array, other: Float64Array): Float64Array {
  const all = new Float64Array(one.length + other.length);
  for (let i = 0, j = 0; i + j < all.length; ) {
    const a = one[i] ?? Number.POSITIVE_INFINITY;
    const b = other[j] ?? Number.POSITIVE_INFINITY;
    all[i + j] = Math.min(a, b);
    if (a <= b) i++;
    else j++;
  }
  return all;
}

export function asQuantiles(level: number) {
  const sample = ({ units, sorted }: Ordered) => {
    const ranks = quantileRanks(units, level);
    const at = (rank: number) => sorted[rank - 1] ?? Number.NaN;
    return ranks && { low: at(ranks.low), middle: at(ranks.middle), high: at(ranks.high) };
  };
  return (control: Ordered, treatment: Ordered, alpha: number) =>
    compareQuantiles(sample(control), sample(treatment), alpha);
}

export function asMeans(control: Moments, treatment: Moments, alpha: number): Difference {
  return compareMeans(estimateOf(control), estimateOf(treatment), alpha);
}

export function asProportions(control: Moments, treatment: Moments, alpha: number): Difference {
  const proportion = ({ units, sum }: Moments) => ({ units, successes: sum });
  return compareProportions(proportion(control), proportion(treatment), alpha);
}

export interface Peeked {
  /** The look, from 1, at which the always-valid result first told the variants apart; undefined where it never did. */
  readonly found: number | undefined;
  /** Whether the p-value of a single look lay below alpha at any look: what peeking at it would have found. */
  readonly foundByPeeking: boolean;
  /** Whether it did so at the last look. */
  readonly foundAtEnd: boolean;
}

/** One experiment, looked at after every batch of units by the always-valid result and by that of a single look. */
export function peekAt<M extends Measured>(
  { control, treatment, looks, compare }: SimulatedExperiment<M>,
  alpha: number,
  tunedForUnits: number,
  random: () => number,
): Peeked {
  let [a, b]: [M?, M?] = [];
  let found: number | undefined;
  let [foundByPeeking, foundAtEnd] = [false, false];
  for (let look = 1; look <= looks; look++) {
    a = control(a, random);
    b = treatment(b, random);
    const fixed = compare(a, b, alpha);
    foundAtEnd = fixed.pValue < alpha;
    foundByPeeking ||= foundAtEnd;
    const valid = alwaysValid({ ...fixed, units: a.units + b.units }, alpha, tunedForUnits);
    if (valid.pValue < alpha) found ??= look;
  }
  return { found, foundByPeeking, foundAtEnd };
}

const NOTHING: Moments = { units: 0, sum: 0, sumOfSquares: 0 };
