import { expect, it } from '@jest/globals';
import { calibrate, type PairAtThreshold, pairsToShow } from './calibrate.js';
import { wilsonInterval } from './wilson-interval.js';

/** `count` pairs of one kind and cosine. */
function pairs(count: number, same: boolean, cosine: number, passes = true): readonly PairAtThreshold[] {
  return Array.from({ length: count }, () => ({ same, cosine, passes }));
}

it.each([
  // Reckoned apart, in double precision.
  [0, 422, 0, 0.00902],
  [1, 10, 0.01788, 0.40415],
  [140, 180, 0.71157, 0.83235],
  [10, 10, 0.72247, 1],
])('gives the interval of %d among %d', (events, trials, lower, upper) => {
  const interval = wilsonInterval(events, trials);
  expect(interval.lower).toBeCloseTo(lower, 4);
  expect(interval.upper).toBeCloseTo(upper, 4);
});

it('chooses the lowest threshold whose false hits are shown to be within the bound', () => {
  const measured = [
    ...pairs(50, true, 0.95),
    ...pairs(30, true, 0.9),
    ...pairs(400, false, 0.5),
    ...pairs(20, false, 0.88),
  ];
  expect(calibrate(measured, 0.01)).toMatchObject({
    differing: 420,
    same: 80,
    chosen: { minCosine: 0.9, hits: 80, falseHits: 0 },
  });
  expect(calibrate(measured, 0.1).chosen).toEqual({ minCosine: 0.88, hits: 80, falseHits: 20 });
});

it('counts pairs of one cosine on one side, whatever their order', () => {
  const measured = [...pairs(1, true, 0.9), ...pairs(9, false, 0.9), ...pairs(400, false, 0.1)];
  expect(calibrate(measured, 0.01).operations.map(({ minCosine }) => minCosine)).toEqual([0.9, 0.1]);
  expect(calibrate(measured, 0.01).chosen).toBeUndefined();
});

it('leaves out what the guard does not let pass', () => {
  const measured = [...pairs(9, true, 0.9), ...pairs(400, false, 0.99, false), ...pairs(1, true, 0.8, false)];
  expect(calibrate(measured, 0.01).chosen).toEqual({ minCosine: 0.9, hits: 9, falseHits: 0 });
});

it('chooses none where the pairs are too few to show the bound, and says how many it takes', () => {
  expect(pairsToShow(0.01)).toBe(381);
  expect(calibrate([...pairs(9, true, 0.9), ...pairs(380, false, 0.1, false)], 0.01).chosen).toBeUndefined();
  expect(calibrate([...pairs(9, true, 0.9), ...pairs(381, false, 0.1, false)], 0.01).chosen).toBeDefined();
});
