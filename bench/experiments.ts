import { seededRandom } from '../app/canary/seeded-random.fixture.js';
import { effectOnProportion, planExperiment } from '../app/experiments/plan-experiment.js';
import {
  asMeans,
  asProportions,
  asQuantiles,
  type DrawUnits,
  orderedUnits,
  type Peeked,
  peekAt,
  proportionUnits,
  type SimulatedExperiment,
  skewedUnits,
} from '../app/experiments/simulated-experiment.fixture.js';
import { judge } from './comparison.js';
import { seedOf } from './seed-of.js';

/**
 * Monte Carlo of experiments: A/A tests that are peeked at 100 times, and whether a plan's numbers of units find what they are for.
 * Usage: `npx tsx bench/experiments.ts [--seed=NUMBER]`; some minutes.
 */
const SEED = 20_260_101 + seedOf(process.argv);
const EXPERIMENTS = 10_000;
const LOOKS = 100;
const UNITS_PER_LOOK = 20;
const ALPHA = 0.05;
/** The units of a whole experiment. */
const TUNED_FOR_UNITS = 2 * LOOKS * UNITS_PER_LOOK;

const percent = (found: number, of: number) => (100 * found) / of;

function simulate<M extends { readonly units: number }>(
  experiment: SimulatedExperiment<M>,
  count: number,
  tunedForUnits: number,
): Peeked[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => peekAt(experiment, ALPHA, tunedForUnits, random));
}

/** What a share of so many experiments may be above a true one by chance: 3 standard errors. */
const withChance = (share: number, of: number) => 100 * (share + 3 * Math.sqrt((share * (1 - share)) / of));

console.log(`${EXPERIMENTS} A/A experiments of ${TUNED_FOR_UNITS} units, ${LOOKS} looks each, alpha ${100 * ALPHA} %`);
judgePeeking('proportion of 50 %', proportionUnits(UNITS_PER_LOOK, 0.5), asProportions);
judgePeeking('proportion of 5 %', proportionUnits(UNITS_PER_LOOK, 0.05), asProportions);
judgePeeking('exponential mean', skewedUnits(UNITS_PER_LOOK, 3), asMeans);
judgePeeking('median of exponential values', orderedUnits(UNITS_PER_LOOK, 3), asQuantiles(0.5));
judgePeeking('p90 of exponential values', orderedUnits(UNITS_PER_LOOK, 3), asQuantiles(0.9));

/** Two variants without a difference: how often one is found. */
function judgePeeking<M extends { readonly units: number }>(
  what: string,
  draw: DrawUnits<M>,
  compare: SimulatedExperiment<M>['compare'],
): void {
  const peeked = simulate({ control: draw, treatment: draw, looks: LOOKS, compare }, EXPERIMENTS, TUNED_FOR_UNITS);
  const shareOf = (found: (one: Peeked) => boolean) => percent(peeked.filter(found).length, EXPERIMENTS);
  judge(
    `${what}, always valid: told apart at any look`,
    shareOf(({ found }) => found !== undefined),
    withChance(ALPHA, EXPERIMENTS),
    '%',
  );
  judge(
    `${what}, fixed horizon: told apart at the last look`,
    shareOf(({ foundAtEnd }) => foundAtEnd),
    withChance(ALPHA, EXPERIMENTS),
    '%',
  );
  console.log(`      ${what}, fixed horizon, peeked at: ${shareOf((one) => one.foundByPeeking).toFixed(2)} %`);
}

const POWER = 0.8;
const PLANNED = 1_000;
const [before, after] = [0.2, 0.25];
const plan = planExperiment(effectOnProportion(before, after), {
  power: POWER,
  alpha: ALPHA,
  unitsPerDay: 1_000,
  tunedForUnits: TUNED_FOR_UNITS,
});
console.log(
  `\nFrom ${100 * before} to ${100 * after} %, to be found with ${100 * POWER} %: ${plan.unitsPerVariant} units a variant for one look, ${plan.alwaysValidUnitsPerVariant} at most for results that are always valid`,
);
for (const [what, units, isFound] of [
  ['one look', plan.unitsPerVariant, ({ foundAtEnd }: Peeked) => foundAtEnd],
  ['always valid', plan.alwaysValidUnitsPerVariant, ({ found }: Peeked) => found !== undefined],
] as const) {
  const unitsPerLook = Math.ceil(units / LOOKS);
  const peeked = simulate(
    {
      control: proportionUnits(unitsPerLook, before),
      treatment: proportionUnits(unitsPerLook, after),
      looks: LOOKS,
      compare: asProportions,
    },
    PLANNED,
    TUNED_FOR_UNITS,
  );
  const missed = percent(peeked.filter((one) => !isFound(one)).length, PLANNED);
  judge(`${what}, with as many: missed`, missed, withChance(1 - POWER, PLANNED), '%');
  const looks = peeked.flatMap(({ found }) => (found === undefined ? [] : [found * unitsPerLook]));
  const meanUnits = looks.reduce((sum, one) => sum + one, 0) / looks.length;
  console.log(`      always valid, where found: after ${meanUnits.toFixed(0)} units a variant on average`);
}
