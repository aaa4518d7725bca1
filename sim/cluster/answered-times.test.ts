import { expect, test } from '@jest/globals';
import { LATENCY_BUCKETS_SECONDS } from '../../contract/index.js';
import { LatencyMix } from '../model/latency-mix.js';
import { seededRandom } from '../model/random.js';
import { AddedTimes, AnsweredInWindow, BoundShares, CountedTimes, MixedTimes } from './answered-times.js';

/** `histogram_quantile` over all the buckets, from the first on. */
function quantileOfAll(within: readonly number[], requests: number, share: number): number {
  const rank = share * requests;
  const place = within.findIndex((count) => count >= rank);
  if (place < 0) return LATENCY_BUCKETS_SECONDS.at(-1) as number;
  const [from, before] = place === 0 ? [0, 0] : [LATENCY_BUCKETS_SECONDS[place - 1] as number, within[place - 1] ?? 0];
  const to = LATENCY_BUCKETS_SECONDS[place] as number;
  return from + ((to - from) * (rank - before)) / ((within[place] as number) - before);
}

test('a quantile of mixes that change by and by is that of all their buckets', () => {
  const random = seededRandom(3);
  const window = new AnsweredInWindow();
  const scrapes: MixedTimes[] = [];
  const mixes: { readonly requests: number; readonly mix: LatencyMix }[] = [];
  for (let at = 0, mean = 0.02; at < 300; at++, mean *= at % 100 === 0 ? 0.001 : 1.07) {
    const mix = LatencyMix.of([
      { weight: 3, mean, variance: mean ** 2 },
      { weight: 1, mean: mean * 5, variance: mean ** 2 / 4 },
    ]);
    const requests = 10 * random();
    mixes.push({ requests, mix });
    scrapes.push(new MixedTimes(requests, new BoundShares(mix)));
    window.take(scrapes.slice(-5));
    const last = mixes.slice(-5);
    const within = LATENCY_BUCKETS_SECONDS.map((bound) =>
      last.reduce((sum, one) => sum + one.requests * one.mix.shareWithin(bound), 0),
    );
    const all = last.reduce((sum, one) => sum + one.requests, 0);
    expect(window.quantile(0.99) / quantileOfAll(within, all, 0.99)).toBeCloseTo(1, 9);
    expect(window.quantile(0.5) / quantileOfAll(within, all, 0.5)).toBeCloseTo(1, 9);
  }
});

test('times that are counted fall into the bucket whose bound they do not exceed', () => {
  const counted = new CountedTimes();
  for (const seconds of [0.001, 0.005, 0.0051, 29, 31]) counted.observe(seconds);
  expect([0, 1, LATENCY_BUCKETS_SECONDS.length - 1].map((bound) => counted.within(bound))).toEqual([2, 3, 4]);
  const window = new AnsweredInWindow();
  window.take([counted]);
  expect(window.requests).toBe(5);
  expect(window.quantile(0.99)).toBe(30);
  window.take([new AddedTimes(counted, counted)]);
  expect(window.requests).toBe(10);
  expect(window.quantile(0.2)).toBe(0.005 / 2);
  window.take([]);
  expect(window.quantile(0.99)).toBe(0);
});
