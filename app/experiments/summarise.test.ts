import { expect, it } from '@jest/globals';
import { experimentSchema } from './experiment.js';
import { summarise } from './summarise.js';

const experiment = experimentSchema.parse({
  name: 'tone',
  variants: [
    { name: 'terse', share: 0.5 },
    { name: 'control', share: 0.5 },
  ],
  metrics: [{ name: 'answer_score', kind: 'mean' }],
});

function totals(variant: string, values: readonly number[], units = values.length) {
  const sum = values.reduce((total, value) => total + value, 0);
  const sumOfSquares = values.reduce((total, value) => total + value * value, 0);
  const successes = values.filter((value) => value > 0).length;
  return { variant, units, measuredUnits: values.length, successes, sum, sumOfSquares };
}

it('gives mean and standard error of each variant, in the order of the experiment', () => {
  const [terse, control] = summarise(experiment, [
    totals('control', [2, 4, 4, 4, 5, 5, 7, 9]),
    totals('terse', [1, 2], 5),
  ]);
  expect(control).toMatchObject({ variant: 'control', units: 8, measuredUnits: 8, mean: 5 });
  expect(control?.standardError).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  expect(terse).toEqual({ variant: 'terse', units: 5, measuredUnits: 2, mean: 1.5, standardError: 0.5 });
});

it('says that it does not know, rather than 0, where there is too little', () => {
  expect(summarise(experiment, [totals('control', [3], 4)])).toEqual([
    { variant: 'terse', units: 0, measuredUnits: 0, mean: null, standardError: null },
    { variant: 'control', units: 4, measuredUnits: 1, mean: 3, standardError: null },
  ]);
});

it('takes equal values for no spread, whatever the rounding', () => {
  const [, control] = summarise(experiment, [totals('control', [0.1, 0.1, 0.1])]);
  expect(control?.standardError).toBeCloseTo(0, 8);
});
