import { type Counter, type Histogram, holdLabels } from './metric.js';
import { bucketRateOf, type Matchers, observationRateOf, rateOf, type Scope, total } from './promql.js';
import type { ServiceSpec } from './service.js';

/** How good and bad events are told apart. */
export interface ServiceLevelIndicator {
  readonly metric: Counter | Histogram;
  /** What a good event is, in words. */
  readonly good: string;
  /** Of a latency: what a good event takes at most. */
  readonly withinSeconds?: number;
  /** PromQL: share of bad events, 0 to 1; NaN or nothing without events. */
  badRatio(scope: Scope): string;
}

/**
 * Good is a request that did not end as `failed` says, such as `{ status: '~5..' }`.
 * @throws if `failed` is about a label that the counter has not: no request would ever fail
 */
export function availability(requests: Counter, failed: Matchers): ServiceLevelIndicator {
  holdLabels(requests, Object.keys(failed));
  if (Object.keys(failed).length === 0) {
    throw new Error(`Availability by ${requests.name}: "failed" names no label, and every request would be a failure.`);
  }
  return {
    metric: requests,
    good: 'answered without a server error',
    badRatio: (scope) =>
      `${rateOf(requests, { ...scope, matchers: { ...scope.matchers, ...failed } })} / ${rateOf(requests, scope)}`,
  };
}

/**
 * Good is what took no longer than `withinSeconds`.
 * @throws {RangeError} if `withinSeconds` is no bucket of the histogram: nothing tells then how many there were
 */
export function latency(duration: Histogram, withinSeconds: number): ServiceLevelIndicator {
  const badRatio = (scope: Scope) =>
    `1 - ${bucketRateOf(duration, withinSeconds, scope)} / ${observationRateOf(duration, scope)}`;
  badRatio({ windowSeconds: 60 });
  return { metric: duration, good: `answered within ${withinSeconds} s`, withinSeconds, badRatio };
}

/** A service level objective: so large a share of a service's events is good, over so many days. */
export interface Slo {
  readonly name: string;
  readonly of: ServiceSpec;
  readonly indicator: ServiceLevelIndicator;
  /** Share of good events, 0 to 1. */
  readonly objective: number;
  /** Days that the objective is about. What is left to 1 is the error budget of these days. */
  readonly windowDays: number;
}

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 60 * MINUTE_SECONDS;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * When a burning error budget is worth an alert: once `budgetRatio` of it is gone within the long window, and the short one says
 * that it burns still (Google, The Site Reliability Workbook, chapter 5, table 5-8: 14.4, 6, 3 and 1 times the even pace of 30 days).
 */
export const BURN_WINDOWS = [
  { budgetRatio: 0.02, longSeconds: HOUR_SECONDS, shortSeconds: 5 * MINUTE_SECONDS, page: true },
  { budgetRatio: 0.05, longSeconds: 6 * HOUR_SECONDS, shortSeconds: 30 * MINUTE_SECONDS, page: true },
  { budgetRatio: 0.1, longSeconds: DAY_SECONDS, shortSeconds: 2 * HOUR_SECONDS, page: false },
  { budgetRatio: 0.1, longSeconds: 3 * DAY_SECONDS, shortSeconds: 6 * HOUR_SECONDS, page: false },
] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

/** How many times faster than evenly the budget goes, where the window's share of it goes within the long window. */
export function burnRate({ windowDays }: Pick<Slo, 'windowDays'>, { budgetRatio, longSeconds }: BurnWindow): number {
  return rounded((budgetRatio * windowDays * DAY_SECONDS) / longSeconds);
}

/** Share of bad events at which the budget burns so fast. */
export function burningRatio(slo: Pick<Slo, 'objective' | 'windowDays'>, window: BurnWindow): number {
  return rounded(burnRate(slo, window) * (1 - slo.objective));
}

/** Decimal fractions are not exact in binary, and are read by people. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

const MOST_DAYS = 366;

/** @throws if the service does not emit the indicator's metric, or the objective is one that cannot be missed fast enough to be noticed. */
export function slo(props: Slo): Slo {
  const { name, of, indicator, objective, windowDays } = props;
  if (!of.metrics.includes(indicator.metric)) {
    const emitted = of.metrics.map((metric) => metric.name).join(', ');
    throw new Error(`SLO ${name}: ${of.name} does not emit ${indicator.metric.name}; it emits ${emitted}.`);
  }
  if (!(objective > 0 && objective < 1)) {
    throw new Error(`SLO ${name}: the objective ${objective} is not between 0 and 1; 99.9 % is 0.999.`);
  }
  if (!(Number.isInteger(windowDays) && windowDays >= 1 && windowDays <= MOST_DAYS)) {
    throw new Error(
      `SLO ${name}: windowDays ${windowDays} must be a whole number of days from 1 to ${MOST_DAYS}, such as 30.`,
    );
  }
  const tooFast = BURN_WINDOWS.find((window) => burningRatio(props, window) >= 1);
  if (tooFast) {
    const rate = burnRate(props, tooFast);
    throw new Error(
      `SLO ${name}: with an objective of ${objective} over ${windowDays} days the budget cannot burn ${rate} times as fast as evenly, ` +
        `for that is ${burningRatio(props, tooFast)} bad events of 1: set an objective above ${rounded(1 - 1 / rate)}, or fewer days.`,
    );
  }
  return props;
}

/**
 * Total PromQL expression of the share of bad events, one value by namespace and job: 0 without traffic, never NaN.
 * @param matchers labels that the scrape puts on every series of the service, `up` included
 */
export function errorRatioOf({ indicator }: Slo, matchers: Matchers, windowSeconds: number): string {
  const scope = { matchers, by: ['namespace', 'job'], windowSeconds };
  return total(indicator.badRatio(scope), scope);
}
