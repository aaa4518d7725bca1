import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TierSpec } from '../../contract/index.js';
import { admit, forgetAfterMs, type LimitState, settle, UNUSED } from './admit.js';

const tier = fc.record({
  name: fc.constant('any'),
  priority: fc.constant('any'),
  requestsPerWindow: fc.integer({ min: 1, max: 30 }),
  windowSeconds: fc.integer({ min: 1, max: 20 }),
  bucket: fc.record({
    ratePerSecond: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.3, 1 / 3, 0.7, 7.7)),
    capacity: fc.integer({ min: 1, max: 30 }),
  }),
  tokensPerMinute: fc.integer({ min: 1, max: 5_000 }),
});
const gapsMs = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })), { minLength: 1, maxLength: 80 });
const START = Date.UTC(2026, 0, 1);
/** What each request may use: more than some budgets hold. */
const TOKENS = 700;

/** A clock counts as standing still for no longer than the limit looks back. */
function longestWaitSeconds({ windowSeconds, bucket }: TierSpec): number {
  return Math.max(2 * windowSeconds, Math.ceil(bucket.capacity / bucket.ratePerSecond) + 1, 2 * 60);
}

function run(spec: TierSpec, gaps: readonly number[]): { admittedAt: number[]; state: LimitState; now: number } {
  const admittedAt: number[] = [];
  let state = UNUSED;
  let now = START;
  for (const gap of gaps) {
    now += gap;
    const { admission, next } = admit(state, now, TOKENS, spec);
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

  it('never reserves more tokens in any stretch of time than the budget gives', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { admittedAt } = run(spec, gaps);
        const { tokensPerMinute: perMinute } = spec;
        const reserved = Math.min(TOKENS, perMinute);
        const excess = admittedAt.flatMap((from, i) =>
          admittedAt.slice(i).map((to, j) => (j + 1) * reserved - perMinute - ((to - from) * perMinute) / 60_000),
        );
        expect(Math.max(0, ...excess)).toBeLessThan(1e-6);
      }),
    );
  });

  it('has a budget after a settlement as if the request had asked for what it used', () => {
    fc.assert(
      fc.property(tier, fc.nat(5_000), fc.nat(5_000), (spec, estimated, used) => {
        const asked = admit(UNUSED, START, estimated, spec);
        if (!asked.admission.admitted) throw new Error('an unused budget refused');
        const settled = settle(asked.next, START, used - asked.admission.reserved, spec);
        const knowing = settle(admit(UNUSED, START, 0, spec).next, START, used, spec);
        expect(settled).toEqual(knowing);
      }),
    );
  });

  it('gives an unused bucket its whole capacity, whatever fraction of a millisecond a token takes', () => {
    const bucket = { ratePerSecond: 0.3, capacity: 1 };
    fc.assert(
      fc.property(tier, fc.integer({ min: START, max: START + 1e9 }), (spec, now) => {
        expect(admit(UNUSED, now, 0, { ...spec, bucket }).admission.admitted).toBe(true);
      }),
    );
  });

  it('admits after the stated seconds, which are whole and never 0', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { state, now } = run(spec, gaps);
        const { admission } = admit(state, now, TOKENS, spec);
        if (admission.admitted) return;
        const { resetAfterSeconds: waitSeconds } = admission;
        expect(Number.isInteger(waitSeconds) && waitSeconds >= 1).toBe(true);
        expect(admit(state, now + waitSeconds * 1000, TOKENS, spec).admission.admitted).toBe(true);
      }),
    );
  });

  it('decides the same for a user it has forgotten as for one it remembers', () => {
    fc.assert(
      fc.property(tier, gapsMs, (spec, gaps) => {
        const { state, now } = run(spec, gaps);
        const later = now + forgetAfterMs(state, now, spec);
        expect(admit(state, later, TOKENS, spec).admission).toEqual(admit(UNUSED, later, TOKENS, spec).admission);
      }),
    );
  });

  it('never admits more in any window of real time, however often and far the clock is set back, and keeps nobody waiting for it', () => {
    const steps = fc.array(
      fc.record({
        gapMs: fc.integer({ min: 0, max: 3000 }),
        backMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e7 })),
      }),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(tier, steps, (spec, all) => {
        let [state, now, real] = [UNUSED, START, 0];
        const admittedAt: number[] = [];
        for (const { gapMs, backMs } of all) {
          now += gapMs - backMs;
          real += gapMs;
          const { admission, next } = admit(state, now, TOKENS, spec);
          state = next;
          if (admission.admitted) admittedAt.push(real);
          else expect(admission.resetAfterSeconds).toBeLessThanOrEqual(longestWaitSeconds(spec));
        }
        const within = admittedAt.map((from) =>
          admittedAt.filter((at) => at >= from && at - from < spec.windowSeconds * 1000),
        );
        expect(Math.max(0, ...within.map(({ length }) => length))).toBeLessThanOrEqual(spec.requestsPerWindow);
        const { admission, next } = admit(state, now, TOKENS, spec);
        if (admission.admitted) return;
        expect(admit(next, now + admission.resetAfterSeconds * 1000, TOKENS, spec).admission.admitted).toBe(true);
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
      tokensPerMinute: 1_000,
    };
    const { next } = admit(UNUSED, START, 0, spec);
    expect(admit(next, START - 5000, 0, spec).admission).toMatchObject({ admitted: false, resetAfterSeconds: 65 });
  });
});
