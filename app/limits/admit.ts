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
  if (window.admitted && bucket.admitted) {
    const limit = tier.requestsPerWindow;
    const remaining = limit - window.current;
    return {
      admission: { admitted: true, limit, remaining, resetAfterSeconds: wholeSeconds(window.oldestLeavesMs) },
      next: { window: window.next, bucket: bucket.next },
    };
  }
  const by = window.waitMs >= bucket.waitMs ? 'window' : 'bucket';
  return {
    admission: {
      admitted: false,
      by,
      limit: by === 'window' ? tier.requestsPerWindow : tier.bucket.capacity,
      current: window.current - (window.admitted ? 1 : 0),
      resetAfterSeconds: wholeSeconds(Math.max(window.waitMs, bucket.waitMs)),
    },
    next: state,
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
