import { admit, type LimitState, UNUSED } from '../../app/limits/admit.js';
import type { TierSpec } from '../../contract/index.js';
import { exponential, seededRandom } from './random.js';

/** Requests of one user that the share is taken from: its error is below half a percent. */
const REQUESTS = 4_000;

/** How one user of a tier asks. */
export interface UserDemand {
  readonly perMinute: number;
  /** Of the prompt and the answer of one request. */
  readonly tokens: number;
}

/**
 * Share of a tier's requests that the app's own limiter lets in, each user asking at random so many times a minute.
 * Without a chance to reach a limit it is 1, exactly.
 */
export function admittedShare(tier: TierSpec, { perMinute, tokens }: UserDemand, seed: number): number {
  const random = seededRandom(seed);
  let state: LimitState = UNUSED;
  let nowMs = 0;
  let admitted = 0;
  for (let request = 0; request < REQUESTS; request++) {
    nowMs += exponential(random, 60_000 / perMinute);
    const { admission, next } = admit(state, nowMs, tokens, tier);
    state = next;
    if (admission.admitted) admitted++;
  }
  return admitted / REQUESTS;
}
