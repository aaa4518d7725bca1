import { expect, it } from '@jest/globals';
import { claimLease, type LeaseRecord } from './lease-claim.js';

const record: LeaseRecord = { holder: 'a', durationSeconds: 15, renewTime: '2026-01-01T00:00:00.000Z', transitions: 2 };
const seenMs = 1_000;
const claim = (me: string, nowMs: number, held = record) => claimLease({ record: held, seenMs }, me, 15, nowMs);

it('takes a lease that nobody has', () => {
  expect(claimLease(null, 'b', 15, 0)).toMatchObject({ holder: 'b', transitions: 0 });
});

it('leaves the lease of another until it was not renewed for its duration, by the clock of who looks', () => {
  expect(claim('b', seenMs + 14_999)).toBeNull();
  expect(claim('b', seenMs + 15_000)).toMatchObject({ holder: 'b', transitions: 3 });
});

it('renews its own, and takes at once what was given up', () => {
  expect(claim('a', seenMs + 60_000)).toMatchObject({ holder: 'a', transitions: 2 });
  expect(claim('b', seenMs, { ...record, holder: '' })).toMatchObject({ holder: 'b', transitions: 3 });
});
