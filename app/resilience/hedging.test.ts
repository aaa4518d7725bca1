import { expect, it } from '@jest/globals';
import { Hedging } from './hedging.js';

it('second calls stay within their share of all calls at every moment, and can be saved up to a limit', () => {
  const hedging = new Hedging(() => 1, { maxShare: 0.05, savedCalls: 10 });
  let [calls, seconds] = [0, 0];
  for (let i = 0; i < 2_000; i += 1) {
    hedging.earn();
    calls += 1;
    if (hedging.spend()) seconds += 1;
    expect(seconds).toBeLessThanOrEqual(0.05 * calls);
  }
  expect(seconds).toBe(100);
  for (let i = 0; i < 100_000; i += 1) hedging.earn();
  let saved = 0;
  while (hedging.spend()) saved += 1;
  expect(saved).toBe(10);
});
