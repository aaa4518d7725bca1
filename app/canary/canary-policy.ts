/** By what a release is judged; the platform's is `canaryPolicy` of the contract. */
export interface CanaryPolicy {
  /** The canary's share of traffic at each step, ascending, 0 to 100. */
  readonly stepPercents: readonly number[];
  readonly stepSeconds: number;
  readonly checkSeconds: number;
  readonly maxErrorRatio: number;
  /** Multiple of the stable p99 beyond which a request is slow. */
  readonly maxLatencyRatio: number;
  readonly minRequestsPerStep: number;
  readonly baseline: { readonly quantile: number; readonly windowSeconds: number; readonly minRequests: number };
  /** Without data for longer, a release is rolled back. */
  readonly maxBlindSeconds: number;
  /** Chance that a healthy canary is ever rolled back for its errors or its latency. */
  readonly falseRollbackRate: number;
  readonly stableVersion: string;
  readonly canaryVersion: string;
}
