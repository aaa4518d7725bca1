import { expect, test } from '@jest/globals';
import cdf from '@stdlib/stats-base-dists-normal-cdf';
import { normalShare } from './normal-share.js';

test('the table has the shares of the normal distribution within 3e-8, and none that falls', () => {
  let worst = 0;
  let before = 0;
  for (let x = -7; x <= 7; x += 0.000_37) {
    const share = normalShare(x);
    worst = Math.max(worst, Math.abs(share - cdf(x, 0, 1)));
    if (share < before) throw new Error(`The share up to ${x} is ${share}, less than ${before} before it.`);
    before = share;
  }
  expect(worst).toBeLessThan(3e-8);
  expect([normalShare(Number.NEGATIVE_INFINITY), normalShare(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
});
