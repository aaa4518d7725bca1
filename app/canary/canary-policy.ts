import type { BusinessMetric } from './business-metric.js';

/** By what a release is judged; the platform's is `canaryPolicy` of the contract. */
export interface CanaryPolicy {
  /** The canary's share of traffic at each step, ascending, 0 to 100. */
  readonly stepPercents: readonly number[];
  /** Share of the requests that the canary gets a second time before any share, 0 to 100. @default none: there is no such step */
  readonly mirrorPercent?: number | undefined;
  readonly stepSeconds: number;
  readonly checkSeconds: number;
  readonly maxErrorRatio: number;
  /** Multiple of the stable p99 beyond which a request is slow. */
  readonly maxLatencyRatio: number;
  /** @default none */
  readonly businessMetric?: BusinessMetric | undefined;
  readonly minRequestsPerStep: number;
  readonly baseline: { readonly quantile: number; readonly windowSeconds: number; readonly minRequests: number };
  /** Time from one scrape of Prometheus to the next. */
  readonly scrapeSeconds: number;
  /** Without data for longer, a release is rolled back. */
  readonly maxBlindSeconds: number;
  /** Without a request on the canary for longer, too. */
  readonly maxIdleSeconds: number;
  /** Chance that a canary that keeps within its thresholds is ever rolled back for its errors or its latency. */
  readonly falseRollbackRate: number;
  /** Chance that a canary is promoted which at some step is harmful by errors or latency. */
  readonly falsePromotionRate: number;
  /** A canary is harmful from this multiple of a threshold on; above 1. Between the two it may end either way. */
  readonly harmfulMultiple: number;
  /** Whether a step that has shown nothing is passed by itself, or waits for somebody's approval. */
  readonly approval: 'automatic' | 'manual';
  readonly stableVersion: string;
  readonly canaryVersion: string;
}
