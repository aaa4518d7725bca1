import type { TierSpec } from '../../contract/index.js';

export type BucketPolicy = TierSpec['bucket'];

/**
 * A bucket as one number: when it will be full again, in milliseconds since the epoch. A bucket that was never used, or is full
 * by now, is `undefined` or any time in the past. (The generic cell rate algorithm, ITU-T I.371: the same decisions as a count of
 * tokens, without a refill that rounds.)
 */
export type BucketState = number | undefined;

/** Milliseconds until there is a token; 0 when there is one. @param now milliseconds since the epoch */
export function bucketWaitMs(fullAt: BucketState, now: number, policy: BucketPolicy): number {
  const { tokenMs, emptyMs } = timesOf(policy);
  // A difference of times before any sum: added to a time of day, a token's fraction of a millisecond is rounded away.
  return Math.max(0, missingMs(fullAt, now) + tokenMs - emptyMs);
}

/** The bucket after its clock was set back, by however much: no more than empty. */
export function rebasedBucket(fullAt: BucketState, now: number, policy: BucketPolicy): BucketState {
  const { emptyMs } = timesOf(policy);
  return missingMs(fullAt, now) > emptyMs ? now + emptyMs : fullAt;
}

/** The bucket with one token less. */
export function takeToken(fullAt: BucketState, now: number, policy: BucketPolicy): BucketState {
  return now + (missingMs(fullAt, now) + timesOf(policy).tokenMs);
}

/** Whole tokens that are there, and the milliseconds until it is full. */
export function bucketStanding(fullAt: BucketState, now: number, policy: BucketPolicy) {
  const { tokenMs, emptyMs } = timesOf(policy);
  const resetMs = missingMs(fullAt, now);
  return { remaining: Math.max(0, Math.floor((emptyMs - resetMs) / tokenMs)), resetMs };
}

/** How long until an empty bucket is full again: after it an idle bucket tells nothing and can be forgotten. */
export function refillMs(policy: BucketPolicy): number {
  return timesOf(policy).emptyMs;
}

function missingMs(fullAt: BucketState, now: number): number {
  return Math.max(0, (fullAt ?? now) - now);
}

function timesOf({ ratePerSecond, capacity }: BucketPolicy) {
  const tokenMs = 1000 / ratePerSecond;
  return { tokenMs, emptyMs: capacity * tokenMs };
}
