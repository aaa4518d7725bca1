import type { CanaryReleaseStatus } from '../../contract/index.js';

/**
 * A status that was written by a clock ahead of this one, such as that of another node: all that it remembers is moved back by as much. Else nobody would judge
 * the canary before that time has come.
 */
export function turnedBack(status: CanaryReleaseStatus, nowMs: number): CanaryReleaseStatus {
  const { analysis, waitingSinceMs } = status;
  const aheadMs = Math.max(analysis?.measuredAtMs ?? 0, waitingSinceMs ?? 0) - nowMs;
  if (aheadMs <= 0) return status;
  return {
    ...status,
    waitingSinceMs: waitingSinceMs && waitingSinceMs - aheadMs,
    analysis: analysis && {
      ...analysis,
      stepStartedAtMs: analysis.stepStartedAtMs - aheadMs,
      measuredAtMs: analysis.measuredAtMs - aheadMs,
      requestAtMs: analysis.requestAtMs - aheadMs,
    },
  };
}
