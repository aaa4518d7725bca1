import { expect, test } from '@jest/globals';
import { BinnedMix, LatencyHistogram } from './latency-histogram.js';
import { LatencyMix } from './latency-mix.js';
import { erlangC, waitOf } from './queueing.js';

test("Erlang's C is the load for one server, and as in the tables for more", () => {
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
  // Cooper, Introduction to Queueing Theory: c = 2, a = 1 gives 1/3; c = 10, a = 8 gives 0.4092.
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
  expect([erlangC(3, 0), erlangC(3, 3), erlangC(1000, 900)].every(Number.isFinite)).toBe(true);
});

test('the wait is that of M/M/1 at random service, half of it at constant', () => {
  expect(waitOf(1, 8, 0.1).mean).toBeCloseTo(0.4, 12);
  expect(waitOf(1, 8, 0.1, 0).mean).toBeCloseTo(0.2, 12);
  expect(waitOf(0, 8, 0.1)).toEqual({ mean: 0, variance: 0 });
  // At and beyond the capacity it stays finite: what piles up is counted as a line.
  expect(waitOf(1, 100, 0.1).mean).toBeLessThan(10);
});

test('a mix keeps the mean and the quantiles of its parts', () => {
  const quick = { weight: 3, mean: 0.01, variance: 0 };
  const slow = { weight: 1, mean: 2, variance: 1 };
  const mix = LatencyMix.of([quick, slow]);
  expect(mix.mean).toBeCloseTo(0.5075, 10);
  expect(mix.quantile(0.5)).toBeCloseTo(0.01, 4);
  expect(mix.shareWithin(0.02)).toBeCloseTo(0.75, 6);
  // Log-normal with mean 2 and variance 1: its median is 2 / sqrt(1.25).
  expect(LatencyMix.of([slow]).quantile(0.5)).toBeCloseTo(2 / Math.sqrt(1.25), 2);
  const times = new LatencyHistogram();
  times.add(1000, new BinnedMix(mix));
  expect(times.total).toBe(1000);
  expect(times.quantile(0.99) / mix.quantile(0.99)).toBeCloseTo(1, 1);
});
