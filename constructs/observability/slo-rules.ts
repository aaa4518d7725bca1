import {
  BURN_WINDOWS,
  type BurnWindow,
  burningRatio,
  burnRate,
  DAY_SECONDS,
  errorRatioOf,
  HOUR_SECONDS,
  MINUTE_SECONDS,
  type Slo,
  selector,
} from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { AlertRule } from './alert.js';
import { jobMatchers, type RecordingRule } from './recording-rule.js';

/** The longest look back: what Prometheus must keep, in seconds. */
export const SLO_RETENTION_SECONDS = Math.max(...BURN_WINDOWS.map(({ longSeconds }) => longSeconds));

/** Series under which Prometheus keeps the share of bad events over a window. */
export function errorRatioSeries(windowSeconds: number): string {
  return `slo:error_ratio:rate${durationText(windowSeconds)}`;
}

/** The share of bad events over every window that an alert looks at, shortest first. */
export function sloRecordingRules(platform: PlatformContext, slo: Slo): readonly RecordingRule[] {
  const windows = BURN_WINDOWS.flatMap(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds]);
  return [...new Set(windows)]
    .sort((a, b) => a - b)
    .map((seconds) => ({
      record: errorRatioSeries(seconds),
      expr: errorRatioOf(slo, jobMatchers(platform, slo.of.name), seconds),
      labels: { slo: slo.name },
    }));
}

/** One alert for each pace at which the error budget may burn: the two fast ones wake somebody, the two slow ones wait for the day. */
export function burnRateAlerts(slo: Slo): readonly AlertRule[] {
  return BURN_WINDOWS.map((window) => burnRateAlert(slo, window));
}

function burnRateAlert(slo: Slo, window: BurnWindow): AlertRule {
  const { budgetRatio, longSeconds, shortSeconds, page } = window;
  const [long, short] = [durationText(longSeconds), durationText(shortSeconds)];
  const above = (seconds: number) =>
    `${errorRatioSeries(seconds)}${selector({ slo: slo.name })} > ${burningRatio(slo, window)}`;
  return {
    alert: 'ErrorBudgetBurn',
    runbook: 'error-budget-burn',
    expr: `${above(longSeconds)} and ${above(shortSeconds)}`,
    // The windows have waited long enough; this keeps one odd evaluation from waking anybody.
    for: '2m',
    labels: { severity: page ? 'critical' : 'warning', slo: slo.name, window: long },
    annotations: {
      summary: `${slo.name}: {{ $value | humanizePercentage }} of the requests were not ${slo.indicator.good}.`,
      description: `The error budget of ${slo.windowDays} days burns ${burnRate(slo, window)} times as fast as it lasts, over ${long} and over ${short}: ${budgetRatio * 100} % of it goes in ${long}. The objective is ${slo.objective}.`,
    },
  };
}

/** `5m`, `6h`, `3d`: the largest unit that divides. */
function durationText(seconds: number): string {
  if (seconds % DAY_SECONDS === 0) return `${seconds / DAY_SECONDS}d`;
  return seconds % HOUR_SECONDS === 0 ? `${seconds / HOUR_SECONDS}h` : `${seconds / MINUTE_SECONDS}m`;
}
