import type { Logger } from '../telemetry/logger.js';
import type { CanaryMetrics, Look, Sample } from './canary-metrics.js';
import type { CanaryPolicy } from './canary-policy.js';

interface MeasureDeps {
  readonly canaryMetrics: CanaryMetrics;
  readonly logger: Logger;
}

/** A sample, or `null` when there is none: an error is no data, and no data never lets a canary pass. */
export async function measure(
  service: string,
  look: Look,
  policy: CanaryPolicy,
  { canaryMetrics, logger }: MeasureDeps,
): Promise<Sample | null> {
  try {
    return checked(await canaryMetrics.sample(service, look, policy));
  } catch (error) {
    logger.warn({ err: error, service }, 'the canary could not be measured');
    return null;
  }
}

function checked(sample: Sample): Sample {
  const { requests, errors, latency, business } = sample;
  const numbers = { requests, errors, ...latency, ...business };
  const bad = Object.entries(numbers).find(([, value]) => !(Number.isFinite(value) && value >= 0));
  if (bad !== undefined) throw new RangeError(`A sample's ${bad[0]} must be a number from 0, got ${bad[1]}.`);
  // Each rate is extrapolated by itself, so a part can come out a little above the whole.
  return {
    requests,
    errors: Math.min(errors, requests),
    latency: latency && { ...latency, slowRequests: Math.min(latency.slowRequests, requests) },
    ...(business && { business }),
  };
}
