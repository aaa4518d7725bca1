import type { TierSpec } from '../../contract/index.js';

export type WindowPolicy = Pick<TierSpec, 'requestsPerWindow' | 'windowSeconds'>;

/**
 * The exact log of a window: when each request was admitted, in milliseconds, oldest first. A request is its place in the list,
 * so two of the same millisecond are two.
 */
export type WindowState = readonly number[];

/** The log without what has left the window: a request leaves exactly `windowSeconds` after it was admitted. */
export function keptWindow(log: WindowState, clockNow: number, { windowSeconds }: WindowPolicy): WindowState {
  return log.slice(firstWithin(log, latest(log, clockNow) - windowSeconds * 1000));
}

/** Milliseconds until a window that was {@link keptWindow kept} has room for a request; 0 when it has. */
export function windowWaitMs(kept: WindowState, clockNow: number, policy: WindowPolicy): number {
  const inTheWay = kept[kept.length - policy.requestsPerWindow];
  return inTheWay === undefined ? 0 : inTheWay + policy.windowSeconds * 1000 - clockNow;
}

/**
 * The log after its clock was set back. By less than a window the clock counts as standing still; by more, which would hold the user up for as
 * long, all requests count as made now.
 */
export function rebasedWindow(log: WindowState, clockNow: number, { windowSeconds }: WindowPolicy): WindowState {
  return latest(log, clockNow) - clockNow > windowSeconds * 1000 ? log.map(() => clockNow) : log;
}

/** The log with one more request. */
export function enterWindow(kept: WindowState, clockNow: number): WindowState {
  return [...kept, latest(kept, clockNow)];
}

/** Requests still free, and the milliseconds until the oldest one leaves; 0 when there is none. */
export function windowStanding(kept: WindowState, clockNow: number, policy: WindowPolicy) {
  const [oldest] = kept;
  return {
    remaining: Math.max(0, policy.requestsPerWindow - kept.length),
    resetMs: oldest === undefined ? 0 : oldest + policy.windowSeconds * 1000 - clockNow,
  };
}

/** A clock that steps back counts as standing still. */
function latest(log: WindowState, clockNow: number): number {
  return Math.max(clockNow, log.at(-1) ?? clockNow);
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
