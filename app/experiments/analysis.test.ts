import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { alwaysValid } from './always-valid.js';
import { compareVariants } from './compare-variants.js';
import { adjustByPrior, imputePriors } from './cuped.js';
import { correctByHolm } from './holm.js';
import { effectOnProportion, planExperiment, powerOf } from './plan-experiment.js';
import { compareQuantiles, quantileRanks } from './quantile-difference.js';
import { checkSampleRatio } from './sample-ratio.js';
import { compareProportions } from './two-proportions.js';
import { compareMeans } from './welch.js';

const unsaid = { pValue: 1, interval: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY } };

// Agreement with other libraries is tested in test/system/experiments.
describe('methods say nothing', () => {
  it('of a proportion of nobody', () => {
    expect(compareProportions({ units: 0, successes: 0 }, { units: 9, successes: 3 }, 0.05)).toMatchObject(unsaid);
  });

  it('of means of single units, or of values that are all the same', () => {
    const one = { units: 1, mean: 2, variance: Number.NaN };
    const same = { units: 5, mean: 2, variance: 0 };
    expect(compareMeans(one, { units: 5, mean: 9, variance: 1 }, 0.05)).toMatchObject(unsaid);
    expect(compareMeans(same, { ...same, mean: 3 }, 0.05)).toMatchObject(unsaid);
  });

  it('of a quantile whose bounds lie beyond the sample', () => {
    expect(quantileRanks(30, 0.95)).toBeUndefined();
    expect(compareQuantiles(undefined, { low: 1, middle: 2, high: 3 }, 0.05)).toMatchObject(unsaid);
  });

  it('always validly, where there is no spread yet', () => {
    expect(alwaysValid({ estimate: 1, standardError: 0, units: 4 }, 0.05, 1_000)).toMatchObject(unsaid);
    expect(alwaysValid({ estimate: Number.NaN, standardError: Number.NaN, units: 0 }, 0.05, 1_000)).toMatchObject(
      unsaid,
    );
  });
});

it('calls two equal proportions equal, with an interval that has width', () => {
  const none = { units: 50, successes: 0 };
  const { estimate, pValue, interval } = compareProportions(none, none, 0.05);
  expect([estimate, pValue]).toEqual([0, 1]);
  expect(interval.high).toBeGreaterThan(0.05);
});

it('says the same of a difference in either direction', () => {
  const proportion = fc
    .integer({ min: 1, max: 10_000 })
    .chain((units) => fc.record({ units: fc.constant(units), successes: fc.integer({ min: 0, max: units }) }));
  fc.assert(
    fc.property(proportion, proportion, (one, other) => {
      const there = compareProportions(one, other, 0.05);
      const back = compareProportions(other, one, 0.05);
      expect(back.pValue).toBeCloseTo(there.pValue, 10);
      expect(back.interval.low).toBeCloseTo(-there.interval.high, 10);
    }),
  );
});

it('is always validly surprised exactly when its interval leaves 0 out', () => {
  const any = fc.record({
    estimate: fc.double({ min: -3, max: 3, noNaN: true }),
    standardError: fc.double({ min: 0.01, max: 2, noNaN: true }),
    units: fc.integer({ min: 2, max: 1_000_000 }),
  });
  fc.assert(
    fc.property(any, fc.constantFrom(0.01, 0.05, 0.1), (of, alpha) => {
      const { pValue, interval } = alwaysValid(of, alpha, 5_000);
      fc.pre(Math.abs(pValue - alpha) > 1e-9);
      expect(pValue < alpha).toBe(interval.low > 0 || interval.high < 0);
    }),
  );
});

describe('the sample ratio', () => {
  it('is certainly wrong when a variant without a share has units', () => {
    expect(checkSampleRatio([10, 1], [1, 0]).pValue).toBe(0);
  });

  it('is in order where there is nothing to compare', () => {
    expect(checkSampleRatio([0, 0], [0.5, 0.5]).pValue).toBe(1);
    expect(checkSampleRatio([10, 0], [1, 0]).pValue).toBe(1);
  });
});

it('leaves the first of many p-values times their number, and never orders them anew', () => {
  expect(correctByHolm([0.03, 0.01, 0.02])).toEqual([0.04, 0.03, 0.04]);
  expect(correctByHolm([])).toEqual([]);
});

it('takes nothing away where prior values say nothing', () => {
  const moments = { units: 4, sum: 10, sumOfSquares: 30 };
  const same = { units: 4, sum: 8, sumOfSquares: 16 };
  const [one] = adjustByPrior([
    { after: moments, before: same, sumOfProducts: 20 },
    { after: moments, before: same, sumOfProducts: 20 },
  ]);
  expect(one).toEqual({ units: 4, mean: 2.5, variance: 5 / 3 });
});

it('gives units without a prior value the mean of the others, and so leaves what is known of those as it is', () => {
  const after = { units: 5, sum: 20, sumOfSquares: 90 };
  // Of three units 1, 2 and 3 are known from before; afterwards they had 3, 4 and 5.
  const prior = { units: 3, sum: 6, sumOfSquares: 14, sumOfProducts: 26, sumAfter: 12 };
  const [paired] = imputePriors([{ after, prior }]);
  expect(paired).toEqual({
    after,
    before: { units: 5, sum: 10, sumOfSquares: 22 },
    sumOfProducts: 42,
  });
  const none = { units: 0, sum: 0, sumOfSquares: 0, sumOfProducts: 0, sumAfter: 0 };
  const [plain] = adjustByPrior(imputePriors([{ after, prior: none }]));
  expect(plain).toEqual({ units: 5, mean: 4, variance: 2.5 });
});

it('finds with prior values what it does not find without, and the same of several variants', () => {
  const arm = (variant: string, effect: number) => {
    const pairs = Array.from({ length: 200 }, (_, i) => [i % 20, (i % 20) + effect + ((i * 7) % 5) * 0.1] as const);
    const sum = (of: (pair: readonly [number, number]) => number) => pairs.reduce((total, pair) => total + of(pair), 0);
    const [sumAfter, sumOfSquares] = [sum(([, y]) => y), sum(([, y]) => y * y)];
    const prior = {
      units: 200,
      sum: sum(([x]) => x),
      sumOfSquares: sum(([x]) => x * x),
      sumOfProducts: sum(([x, y]) => x * y),
      sumAfter,
    };
    return {
      variant,
      units: 200,
      measuredUnits: 200,
      successes: 200,
      sum: sumAfter,
      sumOfSquares,
      quantile: undefined,
      prior,
    };
  };
  const measured = [arm('control', 0), arm('same', 0), arm('better', 0.3)];
  const rules = { alpha: 0.05, plannedUnits: 400 };
  const metric = { name: 'score', kind: 'mean', prior: true } as const;
  const plain = measured.map(({ prior: _, ...one }) => one);
  expect(compareVariants(metric, measured, rules).map(({ differs }) => differs)).toEqual([false, true]);
  expect(compareVariants(metric, plain, rules).map(({ differs }) => differs)).toEqual([false, false]);
  expect(compareVariants(metric, measured, rules)[1]?.alwaysValid.estimate).toBeCloseTo(0.3, 6);
});

describe('a plan', () => {
  const plan = { power: 0.8, alpha: 0.05, unitsPerDay: 500, tunedForUnits: 5_000 };

  it('asks for the least number of units that has the power', () => {
    const effect = effectOnProportion(0.1, 0.12);
    const { unitsPerVariant, days } = planExperiment(effect, plan);
    expect(powerOf(effect, unitsPerVariant, plan.alpha)).toBeGreaterThanOrEqual(plan.power);
    expect(powerOf(effect, unitsPerVariant - 1, plan.alpha)).toBeLessThan(plan.power);
    expect(days).toBe(Math.ceil((2 * unitsPerVariant) / plan.unitsPerDay));
  });

  it('asks for more where every look must count', () => {
    const { unitsPerVariant, alwaysValidUnitsPerVariant } = planExperiment(effectOnProportion(0.1, 0.12), plan);
    expect(alwaysValidUnitsPerVariant).toBeGreaterThan(unitsPerVariant);
    expect(alwaysValidUnitsPerVariant).toBeLessThan(3 * unitsPerVariant);
  });

  it('refuses to find nothing', () => {
    expect(() => planExperiment(effectOnProportion(0.1, 0.1), plan)).toThrow('A difference of 0 is never found');
  });
});
