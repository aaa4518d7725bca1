import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBelow, isBeyond, logEvidence, lowerBound } from './proportion-evidence.js';
import { seededRandom } from './seeded-random.fixture.js';

const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const tally = fc
  .record({ trials: fc.nat(100_000), part: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ trials, part }) => ({ trials, hits: trials * part }));

it('is a fair game: over the outcomes of a trial at exactly the share, the mean evidence is 1', () => {
  fc.assert(
    fc.property(share, (p) => {
      const hit = Math.exp(logEvidence({ trials: 1, hits: 1 }, p));
      const miss = Math.exp(logEvidence({ trials: 1, hits: 0 }, p));
      expect(p * hit + (1 - p) * miss).toBeCloseTo(1, 9);
    }),
  );
});

it('falls as the share that it is against grows', () => {
  fc.assert(
    fc.property(tally, share, share, (seen, p, q) => {
      expect(logEvidence(seen, Math.max(p, q))).toBeLessThanOrEqual(logEvidence(seen, Math.min(p, q)) + 1e-6);
    }),
  );
});

it('bounds the share from below by less than what was seen, and no bound is told from nothing', () => {
  fc.assert(
    fc.property(tally, (seen) => {
      expect(lowerBound(seen, 0.05)).toBeLessThanOrEqual(seen.trials === 0 ? 0 : seen.hits / seen.trials);
    }),
  );
  expect(lowerBound({ trials: 0, hits: 0 }, 0.05)).toBe(0);
});

it('closes in on the share as trials grow', () => {
  const bounds = [100, 1_000, 100_000].map((trials) => lowerBound({ trials, hits: 0.2 * trials }, 0.05));
  expect(bounds).toEqual([expect.closeTo(0.097, 3), expect.closeTo(0.162, 3), expect.closeTo(0.196, 2)]);
});

it('rejects a true share in at most alpha of all runs, though it looks after every trial', () => {
  const random = seededRandom(1);
  const runs = 400;
  const isRejected = () => {
    let hits = 0;
    for (let trials = 1; trials <= 300; trials++) {
      if (random() >= 0.1) continue;
      hits++;
      // Evidence grows at hits alone, so the other trials need no look.
      if (isBeyond({ trials, hits }, 0.1, 0.1)) return true;
    }
    return false;
  };
  const rejected = Array.from({ length: runs }, isRejected).filter(Boolean).length;
  expect(rejected / runs).toBeGreaterThan(0.01);
  expect(rejected / runs).toBeLessThan(0.1);
});

it('never says of one tally that its share is below a bound and beyond it', () => {
  fc.assert(
    fc.property(tally, share, (seen, p) => {
      expect(isBelow(seen, p, 0.5) && isBeyond(seen, p, 0.5)).toBe(false);
    }),
  );
  expect([0, 40].map((hits) => isBelow({ trials: 600, hits }, 0.05, 0.01))).toEqual([true, false]);
});
