import type { SimulatedLook } from '../../app/canary/simulated-release.fixture.js';

export interface FlaggerRule {
  readonly minSuccessRatio: number;
  /** Failed checks after which a canary is rolled back. */
  readonly threshold: number;
}

/**
 * Flagger's rule (fluxcd/flagger, pkg/controller/scheduler.go and docs/gitbook/usage/metrics.md): each interval compares the interval's
 * raw success rate with a bound; a check that fails, or finds no value, is counted, and the count is not set back while an analysis runs.
 *
 * @returns the check, counted from 1, at which it rolls back; `undefined` when it never does
 */
export function flaggerRollback(looks: readonly SimulatedLook[], rule: FlaggerRule): number | undefined {
  let failed = 0;
  for (const [i, { requests, errors }] of looks.entries()) {
    // 0 / 0 is no value, and passes nothing.
    if (!(1 - errors / requests >= rule.minSuccessRatio)) failed++;
    if (failed >= rule.threshold) return i + 1;
  }
  return undefined;
}
