import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { alwaysValid } from '../../../app/experiments/always-valid.js';
import { adjustByPrior } from '../../../app/experiments/cuped.js';
import type { Difference } from '../../../app/experiments/difference.js';
import { correctByHolm } from '../../../app/experiments/holm.js';
import type { Moments } from '../../../app/experiments/moments.js';
import { effectOnProportion, powerOf } from '../../../app/experiments/plan-experiment.js';
import { compareQuantiles, quantileRanks } from '../../../app/experiments/quantile-difference.js';
import { checkSampleRatio } from '../../../app/experiments/sample-ratio.js';
import { compareProportions } from '../../../app/experiments/two-proportions.js';
import { compareMeans, estimateOf } from '../../../app/experiments/welch.js';
import { pythonWithPackages, runProgram } from '../tools.js';
import { randomCases } from './random-cases.js';

const CASES = 200;
const TOLERANCE = 1e-6;

const cases = randomCases(CASES, 20_260_101);
type Answers = Readonly<Record<keyof typeof cases, readonly unknown[]>>;

let reference: Answers;
beforeAll(() => {
  const script = join(import.meta.dirname, 'reference.py');
  const { status, stdout, stderr } = runProgram(pythonWithPackages(), [script], { input: JSON.stringify(cases) });
  if (status !== 0) throw new Error(`reference.py ended with ${status}:\n${stderr}`);
  reference = JSON.parse(stdout) as Answers;
});

/** Compares every case, and that there is each of them: an empty answer agrees with nothing. */
function expectAgreement<M extends keyof Answers>(method: M, ours: (of: (typeof cases)[M][number]) => unknown): void {
  const theirs = (reference[method] as unknown[]).map((answer) => [answer].flat(Number.POSITIVE_INFINITY) as number[]);
  expect(theirs).toHaveLength(CASES);
  const apart = cases[method].map((one, i) => {
    const own = [ours(one)].flat(Number.POSITIVE_INFINITY) as number[];
    expect(own).toHaveLength(theirs[i]?.length ?? 0);
    return Math.max(...own.map((value, k) => Math.abs(value - (theirs[i]?.[k] ?? Number.NaN))));
  });
  expect(apart.filter((distance) => !(distance <= TOLERANCE))).toEqual([]);
}

const told = ({ pValue, interval }: Difference) => [pValue, interval.low, interval.high];

test('two proportions: statsmodels’ p-value, scipy’s of the table, and Newcombe’s interval', () => {
  expectAgreement('proportions', ({ control, treatment, alpha }) => {
    const proportion = ([successes, units]: [number, number]) => ({ successes, units });
    const { pValue, interval } = compareProportions(proportion(control), proportion(treatment), alpha);
    return [pValue, pValue, interval.low, interval.high];
  });
});

test('two means: scipy’s, statsmodels’ and gbstats’ Welch test', () => {
  expectAgreement('means', ({ control, treatment, alpha }) => {
    const ours = told(compareMeans(estimateOf(moments(control)), estimateOf(moments(treatment)), alpha));
    return [ours, ours, ours];
  });
});

test('always-valid results: gbstats’ sequential test', () => {
  expectAgreement('sequential', ({ control, treatment, alpha, tunedForUnits }) => {
    const fixed = compareMeans(estimateOf(moments(control)), estimateOf(moments(treatment)), alpha);
    return told(alwaysValid({ ...fixed, units: control.length + treatment.length }, alpha, tunedForUnits));
  });
});

test('means freed from prior values: gbstats’ regression adjustment', () => {
  expectAgreement('adjusted', ({ alpha, ...of }) => {
    const [control, treatment] = adjustByPrior([
      paired(of.control, of.controlBefore),
      paired(of.treatment, of.treatmentBefore),
    ]);
    if (!control || !treatment) throw new Error('Two variants went in.');
    return told(compareMeans(control, treatment, alpha));
  });
});

test('two quantiles: numpy’s order statistics and scipy’s normal', () => {
  expectAgreement('quantiles', ({ control, treatment, level, alpha }) =>
    told(compareQuantiles(quantileSample(control, level), quantileSample(treatment, level), alpha)),
  );
});

test('sample ratio: scipy’s chi-squared test and gbstats’ check', () => {
  expectAgreement('sample_ratio', ({ units, shares }) => {
    const { pValue } = checkSampleRatio(units, shares);
    return [pValue, pValue];
  });
});

test('several variants: statsmodels’ Holm correction', () => {
  expectAgreement('holm', ({ pValues }) => correctByHolm(pValues));
});

test('power: statsmodels’ of proportions and of means', () => {
  expectAgreement('power', ({ before, after, units, effect, alpha }) => [
    powerOf(effectOnProportion(before, after), units, alpha),
    powerOf({ deviationWithout: 1, deviationWith: 1, difference: effect }, units, alpha),
  ]);
});

function moments(values: readonly number[]): Moments {
  return {
    units: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    sumOfSquares: values.reduce((sum, value) => sum + value ** 2, 0),
  };
}

function paired(after: readonly number[], before: readonly number[]) {
  const sumOfProducts = after.reduce((sum, value, i) => sum + value * (before[i] ?? Number.NaN), 0);
  return { after: moments(after), before: moments(before), sumOfProducts };
}

function quantileSample(values: readonly number[], level: number) {
  const ranks = quantileRanks(values.length, level);
  if (ranks === undefined) return undefined;
  const sorted = [...values].sort((one, other) => one - other);
  const at = (rank: number) => sorted[rank - 1] ?? Number.NaN;
  return { low: at(ranks.low), middle: at(ranks.middle), high: at(ranks.high) };
}
