import type { CanaryMetrics } from '../../canary/canary-metrics.js';

/** There is no canary here: one version runs. So it had no requests, and a release holds at its first step. */
export const idleCanaryMetrics: CanaryMetrics = {
  async sample() {
    return { requests: 0, errors: 0, latency: null };
  },
};
