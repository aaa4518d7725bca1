import type { TierSpec } from '../../contract/index.js';

export type BucketPolicy = TierSpec['bucket'];

/**
 * A bucket as one number: when it will be full again, in milliseconds since the epoch. A bucket that was never used, or is full
 * by now, is `undefined` or any time in the past. (The generic cell rate algorithm, ITU-T I.371: the same decisions as a count of
 * tokens, without a refill that rounds.)
 */
export type BucketState = number | undefined;

export interface BucketDecision {
  readonly admitted: boolean;
  /** Whole tokens left after the decision. */
  readonly remaining: number;
  /** Milliseconds until there is a token; 0 when admitted. */
  readonly waitMs: number;
  readonly next: BucketState;
}

/** Takes one token, if there is one. @param now milliseconds since the epoch */
export function takeToken(fullAt: BucketState, now: number, policy: BucketPolicy): BucketDecision {
  const tokenMs = 1000 / policy.ratePerSecond;
  const emptyMs = policy.capacity * tokenMs;
  const full = Math.max(fullAt ?? now, now);
  const takenFrom = full + tokenMs - emptyMs;
  if (now < takenFrom) return { admitted: false, remaining: 0, waitMs: takenFrom - now, next: fullAt };
  const next = full + tokenMs;
  return { admitted: true, remaining: Math.floor((emptyMs - (next - now)) / tokenMs), waitMs: 0, next };
}

/** How long until an empty bucket is full again: after it an idle bucket tells nothing and can be forgotten. */
export function refillMs(policy: BucketPolicy): number {
  return (policy.capacity / policy.ratePerSecond) * 1000;
}
