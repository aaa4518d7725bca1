import type { ReleaseState, Verdict } from './release-state.js';

/** A release as it is kept from one look to the next. */
export interface ReleaseRecord {
  readonly state: ReleaseState;
  readonly verdict: Verdict;
  readonly reason: string;
  /** When the verdict was reached, in milliseconds since the epoch. */
  readonly decidedAtMs: number;
  /** Share of traffic in percent that the router last confirmed; `null` before it did so. */
  readonly routedPercent: number | null;
}

/** Keeps releases beyond the life of the process that moves them. */
export interface ReleaseStore {
  get(release: string): Promise<ReleaseRecord | undefined>;
  put(release: string, record: ReleaseRecord): Promise<void>;
}
