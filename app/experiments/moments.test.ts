import { expect, it } from '@jest/globals';
import { type Moments, varianceOf } from './moments.js';

function momentsOf(values: readonly number[]): Moments {
  const [sum, sumOfSquares] = values.reduce(([one, two], value) => [one + value, two + value ** 2], [0, 0]);
  return { units: values.length, sum, sumOfSquares };
}

it('takes equal values for no spread, whatever rounding makes of their sums', () => {
  for (const value of [0, 0.1, 0.3, 5, 1e9 + 0.1]) {
    for (const units of [2, 3, 10, 3_000]) expect(varianceOf(momentsOf(Array(units).fill(value)))).toBe(0);
  }
});

it('does not know the variance of one value, nor of values far from 0 that differ by little', () => {
  expect(varianceOf(momentsOf([3]))).toBeNaN();
  const near = (spread: number) => Array.from({ length: 1_000 }, (_, i) => 1e6 + (i % 2 === 0 ? spread : -spread));
  expect(varianceOf(momentsOf(near(10)))).toBeNaN();
  expect(varianceOf(momentsOf(near(1_000)))).toBeCloseTo((1_000 ** 2 * 1_000) / 999, 1);
});
