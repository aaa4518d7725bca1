import type { TierSpec } from '../../contract/index.js';
import type { Admission } from './rate-limiter.js';
import { enterWindow, type WindowState } from './sliding-window.js';
import { type BucketState, refillMs, takeToken } from './token-bucket.js';

/** What is remembered of one user. */
export interface LimitState {
  readonly window: WindowState;
  readonly bucket: BucketState;
}

export const UNUSED: LimitState = { window: [], bucket: undefined };

/**
 * Decides a request by window and bucket together: it counts in both or in neither.
 * When both refuse, the answer names the one that takes longer to give way, so that waiting its time is enough.
 */
export function admit(
  state: LimitState,
  now: number,
  tier: TierSpec,
): { readonly admission: Admission; readonly next: LimitState } {
  const window = enterWindow(state.window, now, tier);
  const bucket = takeToken(state.bucket, now, tier.bucket);
  const admitted = window.admitted && bucket.admitted;
  const found = {
    admitted,
    current: window.current - (window.admitted && !admitted ? 1 : 0),
    windowWaitMs: window.waitMs,
    bucketWaitMs: bucket.waitMs,
    oldestLeavesMs: window.oldestLeavesMs,
  };
  return {
    admission: admissionOf(found, tier),
    next: admitted ? { window: window.next, bucket: bucket.next } : { window: window.kept, bucket: state.bucket },
  };
}

/** What window and bucket say of a request. */
export interface LimitsFound {
  /** By both. */
  readonly admitted: boolean;
  /** Requests counted in the window, this one too if it was admitted. */
  readonly current: number;
  readonly windowWaitMs: number;
  readonly bucketWaitMs: number;
  /** Until the oldest request leaves the window. */
  readonly oldestLeavesMs: number;
}

/** The answer that follows for the caller, wherever the limits were looked up. */
export function admissionOf(found: LimitsFound, { requestsPerWindow: limit, bucket }: TierSpec): Admission {
  const { admitted, current, windowWaitMs, bucketWaitMs, oldestLeavesMs } = found;
  if (admitted) {
    return { admitted, limit, remaining: limit - current, resetAfterSeconds: wholeSeconds(oldestLeavesMs) };
  }
  const by = windowWaitMs >= bucketWaitMs ? 'window' : 'bucket';
  return {
    admitted,
    by,
    limit: by === 'window' ? limit : bucket.capacity,
    current,
    resetAfterSeconds: wholeSeconds(Math.max(windowWaitMs, bucketWaitMs)),
  };
}

/** After so long without a request the state of a user says no more than {@link UNUSED}. */
export function forgetAfterMs(tier: TierSpec): number {
  return Math.max(tier.windowSeconds * 1000, refillMs(tier.bucket));
}

/** Rounded up and never 0: a client that waits this long is admitted. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
