/** What one class of users may use. */
export interface TierSpec<P extends string = string> {
  readonly name: string;
  /** Queue priority of this tier's tasks. */
  readonly priority: P;
  /** Sliding window: requests admitted in any `windowSeconds`. */
  readonly requestsPerWindow: number;
  readonly windowSeconds: number;
  /** Token bucket: sustained requests per second, and the burst above it. */
  readonly bucket: { readonly ratePerSecond: number; readonly capacity: number };
  /** Token budget: tokens of models, in and out, that come back each minute, and as many that are there at most. A whole number. */
  readonly tokensPerMinute: number;
}
