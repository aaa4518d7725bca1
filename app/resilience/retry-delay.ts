import type { Failure } from './failure.js';
import { isRetryable } from './failure.js';

export interface RetryPolicy {
  /** Calls of one candidate, the first included. */
  readonly attempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * How long to wait before the next attempt; `null` when there should be none. Exponential backoff with full jitter (Brooker, AWS
 * Architecture Blog 2015), and never less than what the server asks for. If it asks for more than `maxDelayMs`, another candidate is
 * the better way.
 * @param attempt the attempt that failed, from 1
 * @param random uniform in [0, 1)
 */
export function retryDelayMs(
  attempt: number,
  failure: Failure,
  policy: RetryPolicy,
  random: () => number,
): number | null {
  if (attempt >= policy.attempts || !isRetryable(failure)) return null;
  const asked = failure.retryAfterMs ?? 0;
  if (asked > policy.maxDelayMs) return null;
  const ceiling = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  return asked + random() * ceiling;
}
