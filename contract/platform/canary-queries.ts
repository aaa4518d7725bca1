import {
  bucketRateOf,
  counter,
  observationRateOf,
  quantileOf,
  rateOf,
  total,
  VERSION_LABEL,
} from '../vocabulary/index.js';
import { httpRequestDuration, httpRequests } from './metrics.js';
import { METRICS_PATH, probes } from './services.js';

/** What the queries take from a release policy: the platform's is `canaryPolicy`. */
export interface CanaryQueryPolicy {
  /** Multiple of the stable p99 beyond which a request is slow. */
  readonly maxLatencyRatio: number;
  readonly baseline: { readonly quantile: number; readonly windowSeconds: number };
  readonly scrapeSeconds: number;
  /** Names of counters. */
  readonly businessMetric?:
    | { readonly values: string; readonly answers: string; readonly releaseLabel?: string | undefined }
    | undefined;
  readonly stableVersion: string;
  readonly canaryVersion: string;
}

/** What Kubernetes and Prometheus ask of a pod is no traffic: it would fill every minimum, and dilute every share of errors. */
const TRAFFIC = { endpoint: `!~${[probes.liveness.path, probes.readiness.path, METRICS_PATH].join('|')}` };

/** PromQL of the stable pods' latency over the policy's window; no value at all when no stable pod is up. */
export function baselineQueries(release: string, { baseline, stableVersion }: CanaryQueryPolicy) {
  const target = pods(release, stableVersion);
  const scope = { matchers: { ...target, ...TRAFFIC }, windowSeconds: baseline.windowSeconds };
  return {
    /** In seconds; 0 without requests. */
    p99Seconds: total(quantileOf(httpRequestDuration, baseline.quantile, scope), { matchers: target }),
    /** Per second: times the window it must reach the policy's minimum, or the p99 means nothing. */
    requestRate: total(observationRateOf(httpRequestDuration, scope), { matchers: target }),
  };
}

/**
 * PromQL of one sample of the canary, as rates per second: times `windowSeconds` they are counts. Prometheus' rate needs a scrape
 * on either side, so the range is longer by one scrape than the window: then the increase that it sees spans the window just once, and
 * samples that adjoin count no request twice.
 *
 * @param windowSeconds what the sample covers, whole seconds from 1
 * @param baselineSeconds the stable p99; `null` where none is known
 * @returns rates; no value at all when no canary pod is up. `slow` is `null` when nothing can be compared: no baseline, or one so long
 * that no bucket lies beyond the limit.
 */
export function sampleQueries(
  release: string,
  windowSeconds: number,
  baselineSeconds: number | null,
  policy: CanaryQueryPolicy,
) {
  const target = pods(release, policy.canaryVersion);
  const scope = { matchers: { ...target, ...TRAFFIC }, windowSeconds: windowSeconds + policy.scrapeSeconds };
  const { businessMetric: business } = policy;
  const label = business?.releaseLabel;
  const ofCanary = label === undefined ? target : { job: release, [label]: policy.canaryVersion };
  const grown = (name: string) =>
    total(rateOf(counter({ name, unit: 'events', help: '' }), { ...scope, matchers: ofCanary }), { matchers: target });
  const limit = baselineSeconds === null ? undefined : slowAboveSeconds(baselineSeconds, policy);
  return {
    requests: total(rateOf(httpRequests, scope), { matchers: target }),
    errors: total(rateOf(httpRequests, { ...scope, matchers: { ...scope.matchers, status: '~5..' } }), {
      matchers: target,
    }),
    slow:
      limit === undefined
        ? null
        : total(
            `${observationRateOf(httpRequestDuration, scope)} - ${bucketRateOf(httpRequestDuration, limit, scope)}`,
            {
              matchers: target,
            },
          ),
    ...(business && { answers: grown(business.answers), values: grown(business.values) }),
  };
}

/** First bucket bound at or above the limit: rounding up can only spare a canary, never blame it. `undefined` beyond the last one. */
export function slowAboveSeconds(baselineSeconds: number, { maxLatencyRatio }: CanaryQueryPolicy): number | undefined {
  return httpRequestDuration.buckets.find((bound) => bound >= maxLatencyRatio * baselineSeconds);
}

function pods(release: string, version: string) {
  return { job: release, [VERSION_LABEL]: version };
}
