import { canaryWeight } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { CanaryMetrics, Look, Sample } from './canary-metrics.js';
import type { CanaryPolicy } from './canary-policy.js';
import { decide } from './decide.js';
import { beginRelease, canaryPercent } from './release-state.js';
import type { ReleaseRecord, ReleaseStore } from './release-store.js';
import type { TrafficRouter } from './traffic-router.js';

export interface ControllerDeps {
  readonly canaryMetrics: CanaryMetrics;
  readonly router: TrafficRouter;
  readonly store: ReleaseStore;
  readonly policy: CanaryPolicy;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * One look at a release: reads a sample, decides, keeps the decision, then has traffic follow. A router that failed is asked
 * again at the next look, and so is one that may have been asked by a process that died.
 *
 * @throws what the store or the router throws
 */
export async function tick(release: string, deps: ControllerDeps): Promise<ReleaseRecord> {
  const { store, policy, clock, logger } = deps;
  const known = await store.get(release);
  const nowMs = clock();
  const before = known?.state ?? beginRelease(nowMs);
  const look: Look = {
    fromMs: known?.state.measuredAtMs ?? nowMs - policy.checkSeconds * 1000,
    toMs: nowMs,
    baselineSeconds: before.baselineSeconds,
  };
  const sample = before.ended === null ? await measure(release, look, deps) : null;
  const { state, verdict, reason } = decide(before, sample, nowMs, policy);
  const decided = { state, verdict, reason, decidedAtMs: nowMs, routedPercent: known?.routedPercent ?? null };
  await store.put(release, decided);
  logger[verdict === known?.verdict ? 'debug' : 'info']({ release, verdict, reason }, 'canary verdict');
  return route(release, decided, deps);
}

/** A sample, or `null` when there is none: an error is no data, and no data never lets a canary pass. */
async function measure(release: string, look: Look, { canaryMetrics, logger }: ControllerDeps): Promise<Sample | null> {
  try {
    return checked(await canaryMetrics.sample(release, look));
  } catch (error) {
    logger.warn({ err: error, release }, 'the canary could not be measured');
    return null;
  }
}

function checked(sample: Sample): Sample {
  const { requests, errors, latency } = sample;
  const numbers = { requests, errors, ...latency };
  const bad = Object.entries(numbers).find(([, value]) => !(Number.isFinite(value) && value >= 0));
  if (bad !== undefined) throw new RangeError(`A sample's ${bad[0]} must be a number from 0, got ${bad[1]}.`);
  // Each rate is extrapolated by itself, so a part can come out a little above the whole.
  return {
    requests,
    errors: Math.min(errors, requests),
    latency: latency && { ...latency, slowRequests: Math.min(latency.slowRequests, requests) },
  };
}

/** Has traffic follow the decision. */
async function route(release: string, record: ReleaseRecord, deps: ControllerDeps): Promise<ReleaseRecord> {
  const { router, store, policy, metrics } = deps;
  const percent = canaryPercent(record.state, policy);
  const routed = { ...record, routedPercent: percent };
  if (percent !== record.routedPercent) {
    await router.setWeight(release, percent);
    await store.put(release, routed);
  }
  metrics.set(canaryWeight, { release }, router.dryRun ? 0 : percent / 100);
  return routed;
}
