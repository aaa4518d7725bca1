import { describe, expect, it } from '@jest/globals';
import { mulberry32 } from '../../test/support/random.js';
import { type DecayingHistogram, EMPTY_HISTOGRAM, quantileMs, weightOf, withTime } from './decaying-histogram.js';

const HALF_LIFE_MS = 60_000;
const fill = (times: readonly number[], from: DecayingHistogram = EMPTY_HISTOGRAM, now = 0) =>
  times.reduce((histogram, ms) => withTime(histogram, ms, now, HALF_LIFE_MS), from);

describe('quantiles of times seen lately', () => {
  it('are at most 5 % above those of the times themselves', () => {
    const random = mulberry32(7);
    const times = Array.from({ length: 2_000 }, () => Math.exp(7 + 0.8 * (random() + random() + random() - 1.5)));
    const sorted = [...times].sort((a, b) => a - b);
    const histogram = fill(times);
    for (const part of [0.05, 0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(part * times.length) - 1] ?? 0;
      const ratio = quantileMs(histogram, part) / exact;
      expect(ratio).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(ratio).toBeLessThanOrEqual(1.05);
    }
  });

  it('follow a change, whose times outweigh the old ones after a half-life', () => {
    const before = fill(Array.from({ length: 100 }, () => 100));
    const changed = fill(
      Array.from({ length: 60 }, () => 1_000),
      before,
      HALF_LIFE_MS,
    );
    expect(quantileMs(changed, 0.5)).toBeGreaterThan(900);
    expect(quantileMs(fill([1_000], before, 0), 0.5)).toBeLessThan(106);
  });

  it('stand for fewer times the older they are, and for none in the end', () => {
    const histogram = fill(Array.from({ length: 8 }, () => 100));
    expect(weightOf(histogram, HALF_LIFE_MS, HALF_LIFE_MS)).toBeCloseTo(4, 9);
    const later = fill([500], histogram, 20 * HALF_LIFE_MS);
    expect([later.total, quantileMs(later, 0.05) > 490]).toEqual([1, true]);
  });

  it('are none where nothing was seen', () => {
    expect(() => quantileMs(EMPTY_HISTOGRAM, 0.5)).toThrow(RangeError);
  });
});
