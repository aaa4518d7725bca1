import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TierSpec } from '../../contract/index.js';
import { admit, forgetAfterMs, type LimitState, UNUSED } from './admit.js';

const tier = fc.record({
  name: fc.constant('any'),
  priority: fc.constant('any'),
  requestsPerWindow: fc.integer({ min: 1, max: 30 }),
  windowSeconds: fc.integer({ min: 1, max: 20 }),
  bucket: fc.record({
    ratePerSecond: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.3, 1 / 3, 0.7, 7.7)),
    capacity: fc.integer({ min: 1, max: 30 }),
  }),
});
const gapsMs = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })), { minLength: 1, maxLength: 80 });
const START = Date.UTC(2026, 0, 1);

function run(spec: TierSpec, gaps: readonly number[]): { admittedAt: number[]; state: LimitState; now: number } {
  const admittedAt: number[] = [];
  let state = UNUSED;
  let now = START;
  for (const gap of gaps) {
    now += gap;
    const { admission, next } = admit(state, now, spec);
    if (admission.admitted) admittedAt.push(now);
    state = next;
  }
  return { admittedAt, state, now };
}

describe('admission by window and bucket', () => {
  it('never admits more in any window than its limit', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { admittedAt } = run(spec, gaps);
        const within = admittedAt.map((from) =>
          admittedAt.filter((at) => at >= from && at - from < spec.windowSeconds * 1000),
        );
        // Requests of one millisecond before `from` itself are counted too: they are in the same window.
        expect(Math.max(0, ...within.map(({ length }) => length))).toBeLessThanOrEqual(spec.requestsPerWindow);
      }),
    );
  });

  it('never admits more in any stretch of time than the bucket gives', () => {
    fc.assert(
      fc.property(tier, gapsMs, ({ bucket, ...spec }, gaps) => {
        const { admittedAt } = run({ ...spec, bucket }, gaps);
        const given = (from: number, to: number) => bucket.capacity + ((to - from) / 1000) * bucket.ratePerSecond;
        const excess = admittedAt.flatMap((from, i) => admittedAt.slice(i).map((to, j) => j + 1 - given(from, to)));
        expect(Math.max(0, ...excess)).toBeLessThan(1e-6);
      }),
    );
  });

  it('admits after the stated seconds, which are whole and never 0', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { state, now } = run(spec, gaps);
        const { admission } = admit(state, now, spec);
        expect(Number.isInteger(admission.resetAfterSeconds) && admission.resetAfterSeconds >= 1).toBe(true);
        if (admission.admitted) return;
        expect(admit(state, now + admission.resetAfterSeconds * 1000, spec).admission.admitted).toBe(true);
      }),
    );
  });

  it('decides the same for a user it has forgotten as for one it remembers', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { state, now } = run(spec, gaps);
        const later = now + forgetAfterMs(spec);
        expect(admit(state, later, spec)).toEqual(admit(UNUSED, later, spec));
      }),
    );
  });

  it('gives no one anything when the clock steps back', () => {
    const spec: TierSpec = {
      name: 'any',
      priority: 'any',
      requestsPerWindow: 1,
      windowSeconds: 60,
      bucket: { ratePerSecond: 10, capacity: 50 },
    };
    const { next } = admit(UNUSED, START, spec);
    expect(admit(next, START - 5000, spec).admission).toMatchObject({ admitted: false, resetAfterSeconds: 65 });
  });
});
