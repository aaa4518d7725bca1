import type { TierSpec } from '../../contract/index.js';

export type WindowPolicy = Pick<TierSpec, 'requestsPerWindow' | 'windowSeconds'>;

/**
 * The exact log of a window: when each request was admitted, in milliseconds, oldest first. A request is its place in the list,
 * so two of the same millisecond are two.
 */
export type WindowState = readonly number[];

export interface WindowDecision {
  readonly admitted: boolean;
  /** Requests in the window after the decision. */
  readonly current: number;
  /** Milliseconds until the window has room again; 0 when admitted. */
  readonly waitMs: number;
  /** Milliseconds until the oldest request leaves the window. */
  readonly oldestLeavesMs: number;
  /** The log if the request counts. */
  readonly next: WindowState;
  /** The log if it does not: without what has left the window. */
  readonly kept: WindowState;
}

/**
 * Admits a request if fewer than the limit were admitted in the `windowSeconds` before it.
 * A request leaves exactly `windowSeconds` after it was admitted. A clock that steps back counts as standing still.
 */
export function enterWindow(log: WindowState, clockNow: number, policy: WindowPolicy): WindowDecision {
  const now = Math.max(clockNow, log.at(-1) ?? clockNow);
  const windowMs = policy.windowSeconds * 1000;
  const current = log.slice(firstWithin(log, now - windowMs));
  const admitted = current.length < policy.requestsPerWindow;
  const next = admitted ? [...current, now] : current;
  const leaves = (index: number) => (next[index] ?? now) + windowMs - clockNow;
  return {
    admitted,
    current: next.length,
    waitMs: admitted ? 0 : leaves(next.length - policy.requestsPerWindow),
    oldestLeavesMs: leaves(0),
    next,
    kept: current,
  };
}

/** Index of the first time after `threshold`, by bisection. */
function firstWithin(log: WindowState, threshold: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle] ?? 0) > threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}
