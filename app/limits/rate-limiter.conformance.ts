import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tiers } from '../../contract/index.js';
import type { Identity } from '../runtime/identity.js';
import type { Admission, RateLimiter } from './rate-limiter.js';

/** A limiter under test with a clock that stands still until it is moved. */
export interface RateLimiterFixture {
  readonly limiter: RateLimiter;
  advance(ms: number): void | Promise<void>;
  /** @default nothing to close */
  close?(): Promise<void>;
}

const free: Identity = { user: 'ada', tenant: 'acme', tier: 'free' };
const premium: Identity = { ...free, tier: 'premium' };
const { requestsPerWindow, windowSeconds, tokensPerMinute } = tiers.free;
const { capacity, ratePerSecond } = tiers.premium.bucket;

/** What every rate limiter does, with the tiers of the contract. `make` gives an unused one. */
export function describeRateLimiter(name: string, make: () => Promise<RateLimiterFixture>): void {
  describe(`${name} as a rate limiter`, () => {
    let fixture: RateLimiterFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(async () => fixture.close?.());

    const admit = (identity: Identity, tokens = 0) => fixture.limiter.admit(identity, tokens);
    const ask = async (times: number, identity: Identity, tokens = 0): Promise<Admission[]> => {
      const answers: Admission[] = [];
      for (let i = 0; i < times; i++) answers.push(await admit(identity, tokens));
      return answers;
    };
    const admittedOf = (answers: readonly Admission[]) => answers.filter(({ admitted }) => admitted).length;

    it('counts down what remains in the window', async () => {
      const [first, second] = await ask(2, free);
      const window = { quota: requestsPerWindow, resetAfterSeconds: windowSeconds };
      expect(first).toMatchObject({ limits: { window: { ...window, remaining: requestsPerWindow - 1 } } });
      expect(second).toMatchObject({ limits: { window: { ...window, remaining: requestsPerWindow - 2 } } });
    });

    it('refuses the first request over the limit of the window, and says how many there were', async () => {
      expect(admittedOf(await ask(requestsPerWindow, free))).toBe(requestsPerWindow);
      expect(await admit(free)).toEqual({
        admitted: false,
        by: 'window',
        limit: requestsPerWindow,
        current: requestsPerWindow,
        resetAfterSeconds: windowSeconds,
        limits: {
          window: { quota: requestsPerWindow, remaining: 0, resetAfterSeconds: windowSeconds },
          bucket: { quota: capacity, remaining: capacity - requestsPerWindow, resetAfterSeconds: 1 },
          tokens: { quota: tokensPerMinute, remaining: tokensPerMinute, resetAfterSeconds: 0 },
        },
      });
    });

    it('counts exactly, however many come in the same millisecond', async () => {
      const answers = await Promise.all(Array.from({ length: 3 * requestsPerWindow }, () => admit(free)));
      expect(admittedOf(answers)).toBe(requestsPerWindow);
    });

    it('slides: a request frees its place one window after it came, not at a fixed edge', async () => {
      await ask(1, free);
      await fixture.advance(30_000);
      await ask(requestsPerWindow - 1, free);
      await fixture.advance(windowSeconds * 1000 - 30_001);
      expect(await admit(free)).toMatchObject({ admitted: false, by: 'window', resetAfterSeconds: 1 });
      await fixture.advance(1);
      expect(admittedOf(await ask(2, free))).toBe(1);
    });

    it('does not count what it refuses', async () => {
      await ask(10 * requestsPerWindow, free);
      await fixture.advance(windowSeconds * 1000);
      expect(admittedOf(await ask(2 * requestsPerWindow, free))).toBe(requestsPerWindow);
    });

    it('refuses a burst over the bucket, and takes it up again at the bucket rate', async () => {
      expect(admittedOf(await ask(capacity, premium))).toBe(capacity);
      expect(await admit(premium)).toEqual({
        admitted: false,
        by: 'bucket',
        limit: capacity,
        current: capacity,
        resetAfterSeconds: 1,
        limits: expect.anything(),
      });
      await fixture.advance(1000);
      expect(admittedOf(await ask(2 * ratePerSecond, premium))).toBe(ratePerSecond);
    });

    it('counts nothing in the window that the bucket refuses', async () => {
      const { requestsPerWindow: limit } = tiers.premium;
      let admitted = admittedOf(await ask(10 * capacity, premium));
      while (admitted < limit) {
        await fixture.advance(1000);
        admitted += admittedOf(await ask(Math.min(ratePerSecond, limit - admitted), premium));
      }
      await fixture.advance(5000);
      expect(await admit(premium)).toMatchObject({ admitted: false, by: 'window', current: limit });
    });

    it('takes nothing from the bucket that the window refuses', async () => {
      await ask(3 * capacity, free);
      expect(admittedOf(await ask(2 * capacity, premium))).toBe(capacity - requestsPerWindow);
    });

    it('reserves tokens as long as there are enough, and says when there are', async () => {
      const share = tokensPerMinute / 4;
      expect(await admit(free, 3 * share)).toMatchObject({
        reserved: 3 * share,
        limits: { tokens: { quota: tokensPerMinute, remaining: share, resetAfterSeconds: 45 } },
      });
      expect(await admit(free, 2 * share)).toMatchObject({
        admitted: false,
        by: 'tokens',
        limit: tokensPerMinute,
        current: 3 * share,
        resetAfterSeconds: 15,
      });
      await fixture.advance(14_999);
      expect(await admit(free, 2 * share)).toMatchObject({ by: 'tokens', resetAfterSeconds: 1 });
      await fixture.advance(1);
      expect(await admit(free, 2 * share)).toMatchObject({ admitted: true, limits: { tokens: { remaining: 0 } } });
    });

    it('counts nothing in window and bucket that the tokens refuse', async () => {
      await ask(3 * requestsPerWindow, free, tokensPerMinute);
      const left = await admit(free);
      expect(left).toMatchObject({
        limits: { window: { remaining: requestsPerWindow - 2 }, bucket: { remaining: capacity - 2 } },
      });
    });

    it('gives back what a request did not use of its reservation', async () => {
      const admission = await admit(free, tokensPerMinute);
      if (!admission.admitted) throw new Error('was refused');
      await fixture.limiter.settle(free, admission, 1_000);
      expect(await admit(free, tokensPerMinute - 1_000)).toMatchObject({ limits: { tokens: { remaining: 0 } } });
    });

    it('takes what a request used beyond its reservation, though the budget be in debt', async () => {
      const admission = await admit(free, 100);
      if (!admission.admitted) throw new Error('was refused');
      await fixture.limiter.settle(free, admission, 2 * tokensPerMinute);
      expect(await admit(free, 100)).toMatchObject({ by: 'tokens', current: tokensPerMinute, resetAfterSeconds: 61 });
      expect(await admit(free, 0)).toMatchObject({ admitted: true });
      await fixture.advance(60_300);
      expect(await admit(free, 100)).toMatchObject({ admitted: true });
    });

    it('gives back no more than there was', async () => {
      const admission = await admit(free, 1_000);
      if (!admission.admitted) throw new Error('was refused');
      await fixture.advance(60_000);
      await fixture.limiter.settle(free, admission, 0);
      expect(await admit(free, tokensPerMinute)).toMatchObject({ admitted: true });
      expect(await admit(free, 1)).toMatchObject({ by: 'tokens' });
    });

    it('admits a request that may need more than the whole budget when it is full, never sooner', async () => {
      expect(await admit(free, 10 * tokensPerMinute)).toMatchObject({ admitted: true, reserved: tokensPerMinute });
      expect(await admit(free, 10 * tokensPerMinute)).toMatchObject({ by: 'tokens', resetAfterSeconds: 60 });
      await fixture.advance(60_000);
      expect(await admit(free, 10 * tokensPerMinute)).toMatchObject({ admitted: true });
    });

    it.each([free, premium])('is right about when the next $tier request is admitted', async (identity) => {
      const answers = await ask(3 * capacity, identity);
      const last = answers.at(-1);
      if (last === undefined || last.admitted) throw new Error('the last one was admitted');
      await fixture.advance(last.resetAfterSeconds * 1000);
      expect(await admit(identity)).toMatchObject({ admitted: true });
    });

    it('counts each user of each tenant apart', async () => {
      await ask(requestsPerWindow, free);
      const others = [
        { ...free, user: 'grace' },
        { ...free, tenant: 'globex' },
        { ...free, user: 'acme', tenant: 'ada' },
      ];
      for (const other of others) expect(await admit(other)).toMatchObject({ admitted: true });
      expect(await admit(free)).toMatchObject({ admitted: false });
    });

    it('is not fooled by separators in names', async () => {
      await ask(requestsPerWindow, { ...free, tenant: 'a:b', user: 'c' });
      expect(await admit({ ...free, tenant: 'a', user: 'b:c' })).toMatchObject({ admitted: true });
    });
  });
}
