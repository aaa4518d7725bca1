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
const { requestsPerWindow, windowSeconds } = tiers.free;
const { capacity, ratePerSecond } = tiers.premium.bucket;

/** What every rate limiter does, with the tiers of the contract. `make` gives an unused one. */
export function describeRateLimiter(name: string, make: () => Promise<RateLimiterFixture>): void {
  describe(`${name} as a rate limiter`, () => {
    let fixture: RateLimiterFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(async () => fixture.close?.());

    const ask = async (times: number, identity: Identity): Promise<Admission[]> => {
      const answers: Admission[] = [];
      for (let i = 0; i < times; i++) answers.push(await fixture.limiter.admit(identity));
      return answers;
    };
    const admittedOf = (answers: readonly Admission[]) => answers.filter(({ admitted }) => admitted).length;

    it('counts down what remains in the window', async () => {
      const [first, second] = await ask(2, free);
      const window = { admitted: true, limit: requestsPerWindow, resetAfterSeconds: windowSeconds };
      expect(first).toEqual({ ...window, remaining: requestsPerWindow - 1 });
      expect(second).toEqual({ ...window, remaining: requestsPerWindow - 2 });
    });

    it('refuses the first request over the limit of the window, and says how many there were', async () => {
      expect(admittedOf(await ask(requestsPerWindow, free))).toBe(requestsPerWindow);
      expect(await fixture.limiter.admit(free)).toEqual({
        admitted: false,
        by: 'window',
        limit: requestsPerWindow,
        current: requestsPerWindow,
        resetAfterSeconds: windowSeconds,
      });
    });

    it('counts exactly, however many come in the same millisecond', async () => {
      const answers = await Promise.all(
        Array.from({ length: 3 * requestsPerWindow }, () => fixture.limiter.admit(free)),
      );
      expect(admittedOf(answers)).toBe(requestsPerWindow);
    });

    it('slides: a request frees its place one window after it came, not at a fixed edge', async () => {
      await ask(1, free);
      await fixture.advance(30_000);
      await ask(requestsPerWindow - 1, free);
      await fixture.advance(windowSeconds * 1000 - 30_001);
      expect(await fixture.limiter.admit(free)).toMatchObject({ admitted: false, by: 'window', resetAfterSeconds: 1 });
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
      expect(await fixture.limiter.admit(premium)).toEqual({
        admitted: false,
        by: 'bucket',
        limit: capacity,
        current: capacity,
        resetAfterSeconds: 1,
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
      expect(await fixture.limiter.admit(premium)).toMatchObject({ admitted: false, by: 'window', current: limit });
    });

    it('takes nothing from the bucket that the window refuses', async () => {
      await ask(3 * capacity, free);
      expect(admittedOf(await ask(2 * capacity, premium))).toBe(capacity - requestsPerWindow);
    });

    it.each([free, premium])('is right about when the next $tier request is admitted', async (identity) => {
      const answers = await ask(3 * capacity, identity);
      const last = answers.at(-1);
      expect(last?.admitted).toBe(false);
      await fixture.advance((last?.resetAfterSeconds ?? 0) * 1000);
      expect(await fixture.limiter.admit(identity)).toMatchObject({ admitted: true });
    });

    it('counts each user of each tenant apart', async () => {
      await ask(requestsPerWindow, free);
      const others = [
        { ...free, user: 'grace' },
        { ...free, tenant: 'globex' },
        { ...free, user: 'acme', tenant: 'ada' },
      ];
      for (const other of others) expect(await fixture.limiter.admit(other)).toMatchObject({ admitted: true });
      expect(await fixture.limiter.admit(free)).toMatchObject({ admitted: false });
    });

    it('is not fooled by separators in names', async () => {
      await ask(requestsPerWindow, { ...free, tenant: 'a:b', user: 'c' });
      expect(await fixture.limiter.admit({ ...free, tenant: 'a', user: 'b:c' })).toMatchObject({ admitted: true });
    });
  });
}
