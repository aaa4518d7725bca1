import type { Counter, Gauge, Histogram } from './metric.js';

/** Label matchers of a PromQL selector. A value that starts with `~` is a regular expression, with `!~` one that must not match. */
export type Matchers = Readonly<Record<string, string>>;

/** `{a="x",b=~"y.*",c!~"z"}`, or the empty string without matchers. */
export function selector(matchers: Matchers): string {
  const parts = Object.entries(matchers).map(([label, value]) => {
    const operator = /^!?~/.exec(value)?.[0] ?? '';
    return `${label}${operator.startsWith('!') ? operator : `=${operator}`}${JSON.stringify(value.slice(operator.length))}`;
  });
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Where and over how long an expression looks. */
export interface Scope {
  /** @default no matcher */
  readonly matchers?: Matchers;
  /** Labels kept in the result. @default none: one value */
  readonly by?: readonly string[];
  /** Range of `rate`, in seconds. Four scrape intervals or more, so that one lost scrape does not lose the value. */
  readonly windowSeconds: number;
}

function by(labels: readonly string[]): string {
  return labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
}

/** Per-second rate of a counter, summed over everything but `by`. */
export function rateOf(metric: Counter, scope: Scope): string {
  return `sum${by(scope.by ?? [])} (rate(${metric.name}${selector(scope.matchers ?? {})}[${scope.windowSeconds}s]))`;
}

/** How much a counter has grown over the range, in its own unit, summed over everything but `by`. */
export function increaseOf(metric: Counter, scope: Scope): string {
  return `sum${by(scope.by ?? [])} (increase(${metric.name}${selector(scope.matchers ?? {})}[${scope.windowSeconds}s]))`;
}

/** Per-second rate of a histogram's observations, summed over everything but `by`. */
export function observationRateOf(metric: Histogram, scope: Scope): string {
  return `sum${by(scope.by ?? [])} (rate(${metric.name}_count${selector(scope.matchers ?? {})}[${scope.windowSeconds}s]))`;
}

/**
 * Per-second rate of a histogram's observations up to one of its bucket bounds, summed over everything but `by`.
 * @throws {RangeError} when `bound` is no bucket's
 */
export function bucketRateOf(metric: Histogram, bound: number, scope: Scope): string {
  if (!metric.buckets.includes(bound)) {
    throw new RangeError(`${metric.name} has no bucket up to ${bound}; it has ${metric.buckets.join(', ')}.`);
  }
  // Prometheus 3 writes the bound of an exporter's le="1" as 1.0.
  const le = Number.isInteger(bound) ? `~${bound}([.]0)?` : String(bound);
  const matchers = { ...scope.matchers, le };
  return `sum${by(scope.by ?? [])} (rate(${metric.name}_bucket${selector(matchers)}[${scope.windowSeconds}s]))`;
}

/**
 * A quantile of a histogram, in the metric's unit. Without observations it is NaN, as Prometheus defines it: a reader that
 * acts on the value wants {@link total} around it.
 */
export function quantileOf(metric: Histogram, quantile: number, scope: Scope): string {
  if (!(quantile > 0 && quantile < 1))
    throw new Error(`Quantile of ${metric.name}: ${quantile} is not between 0 and 1.`);
  const rate = `rate(${metric.name}_bucket${selector(scope.matchers ?? {})}[${scope.windowSeconds}s])`;
  return `histogram_quantile(${quantile}, sum${by(['le', ...(scope.by ?? [])])} (${rate}))`;
}

/** A gauge summed over everything but `by`. */
export function sumOf(metric: Gauge, scope: Omit<Scope, 'windowSeconds'>): string {
  return `sum${by(scope.by ?? [])} (${metric.name}${selector(scope.matchers ?? {})})`;
}

/** The highest of a gauge's series, of everything but `by`. */
export function maxOf(metric: Gauge, scope: Omit<Scope, 'windowSeconds'>): string {
  return `max${by(scope.by ?? [])} (${metric.name}${selector(scope.matchers ?? {})})`;
}

/**
 * Makes an expression total over the targets that are up: NaN (no traffic) becomes 0, and a target without a series reads 0.
 * An autoscaler that is handed NaN or nothing refuses to scale down, so every scaling expression goes through here.
 * A target that is down has no value at all: lost data must not look like no traffic.
 */
export function total(expression: string, scope: Omit<Scope, 'windowSeconds'>): string {
  const labels = scope.by ?? [];
  return `(${expression}) >= 0 or 0 * max${by(labels)} (up${selector(scope.matchers ?? {})} == 1)`;
}

/**
 * An expression of targets that are up only. `rate` makes of the last samples of one that is down a number that falls from second to
 * second, which looks like less and less to do.
 */
export function whileUp(expression: string, scope: Omit<Scope, 'windowSeconds'>): string {
  return `${expression} and max${by(scope.by ?? [])} (up${selector(scope.matchers ?? {})} == 1)`;
}
