import type { CanaryPolicy } from './canary-policy.js';

/** What was measured between two looks. Counts may be fractions, because they come from rates. */
export interface Sample {
  /** The canary's requests; 0 when it is up and nobody asked. */
  readonly requests: number;
  /** Those answered with 5xx. */
  readonly errors: number;
  /** `null` where no stable p99 is known to compare with. */
  readonly latency: {
    readonly baselineSeconds: number;
    /** The canary's requests that took longer than the policy's multiple of the baseline. */
    readonly slowRequests: number;
  } | null;
  /** Where the policy has a business metric: the canary's answers that have a value, and the sum of their values. */
  readonly business?: { readonly answers: number; readonly total: number };
}

/** The time that one sample covers, in milliseconds since the epoch. Samples adjoin: no request counts twice or is left out. */
export interface Look {
  readonly fromMs: number;
  readonly toMs: number;
  /** The stable p99 when it was last known, for when it cannot be measured; `null` when it never was. */
  readonly baselineSeconds: number | null;
}

/** Where the canary controller reads how a release does. */
export interface CanaryMetrics {
  /**
   * @param service whose pods are compared, by the versions that the policy names
   * @throws when it cannot be known: a canary that is down or a store that is away must not look like no traffic
   */
  sample(service: string, look: Look, policy: CanaryPolicy): Promise<Sample>;
}
