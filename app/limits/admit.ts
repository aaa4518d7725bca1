import type { TierSpec } from '../../contract/index.js';
import { type Admission, LIMIT_NAMES, type LimitName, type LimitStanding } from './rate-limiter.js';
import {
  enterWindow,
  keptWindow,
  rebasedWindow,
  type WindowState,
  windowStanding,
  windowWaitMs,
} from './sliding-window.js';
import { type BucketState, bucketStanding, bucketWaitMs, rebasedBucket, refillMs, takeToken } from './token-bucket.js';
import {
  type BudgetState,
  budgetStanding,
  budgetWaitMs,
  rebasedBudget,
  reservationOf,
  spendTokens,
} from './token-budget.js';

/** What is remembered of one user. */
export interface LimitState {
  readonly window: WindowState;
  readonly bucket: BucketState;
  readonly budget: BudgetState;
}

export const UNUSED: LimitState = { window: [], bucket: undefined, budget: undefined };

/**
 * Decides a request by window, bucket and token budget together: it counts in all of them or in none.
 * When several refuse, the answer names the one that takes longest to give way, so that waiting its time is enough.
 * @param tokens that it may use, estimated: a whole number from 0
 */
export function admit(
  state: LimitState,
  now: number,
  tokens: number,
  tier: TierSpec,
): { readonly admission: Admission; readonly next: LimitState } {
  const reserved = reservationOf(tokens, tier);
  const known = rebased(state, now, tier);
  const kept = { ...known, window: keptWindow(known.window, now, tier) };
  const waitsMs = {
    window: windowWaitMs(kept.window, now, tier),
    bucket: bucketWaitMs(kept.bucket, now, tier.bucket),
    tokens: budgetWaitMs(kept.budget, now, reserved, tier),
  };
  const admitted = LIMIT_NAMES.every((name) => waitsMs[name] <= 0);
  const next = admitted
    ? {
        window: enterWindow(kept.window, now),
        bucket: takeToken(kept.bucket, now, tier.bucket),
        budget: spendTokens(kept.budget, now, reserved, tier),
      }
    : kept;
  const standings = {
    window: windowStanding(next.window, now, tier),
    bucket: bucketStanding(next.bucket, now, tier.bucket),
    tokens: budgetStanding(next.budget, now, tier),
  };
  return { admission: admissionOf({ admitted, reserved, waitsMs, standings }, tier), next };
}

/** Corrects a reservation. @param difference tokens used less tokens reserved */
export function settle(state: LimitState, now: number, difference: number, tier: TierSpec): LimitState {
  return { ...state, budget: spendTokens(rebasedBudget(state.budget, now), now, difference, tier) };
}

/** What is known after the clock was set back: nobody waits for it to come where it was, and nobody is given anything. */
function rebased({ window, bucket, budget }: LimitState, now: number, tier: TierSpec): LimitState {
  return {
    window: rebasedWindow(window, now, tier),
    bucket: rebasedBucket(bucket, now, tier.bucket),
    budget: rebasedBudget(budget, now),
  };
}

/** What the limits say of a request. */
export interface LimitsFound {
  /** By all. */
  readonly admitted: boolean;
  readonly reserved: number;
  /** Until each has room for the request; 0 where it has. */
  readonly waitsMs: Readonly<Record<LimitName, number>>;
  /** After the decision. */
  readonly standings: Readonly<Record<LimitName, { readonly remaining: number; readonly resetMs: number }>>;
}

/** The answer that follows for the caller, wherever the limits were looked up. */
export function admissionOf({ admitted, reserved, waitsMs, standings }: LimitsFound, tier: TierSpec): Admission {
  const quotas = { window: tier.requestsPerWindow, bucket: tier.bucket.capacity, tokens: tier.tokensPerMinute };
  const standingOf = (name: LimitName): LimitStanding => {
    const { remaining, resetMs } = standings[name];
    const refuses = waitsMs[name] > 0;
    const seconds = Math.ceil((refuses ? waitsMs[name] : resetMs) / 1000);
    return { quota: quotas[name], remaining, resetAfterSeconds: refuses ? Math.max(1, seconds) : seconds };
  };
  const limits = { window: standingOf('window'), bucket: standingOf('bucket'), tokens: standingOf('tokens') };
  if (admitted) return { admitted, reserved, limits };
  const by = LIMIT_NAMES.reduce((longest, name) => (waitsMs[name] > waitsMs[longest] ? name : longest));
  const { quota, remaining, resetAfterSeconds } = limits[by];
  return { admitted, by, limit: quota, current: quota - remaining, resetAfterSeconds, limits };
}

/** After so long without a request the state of a user says no more than {@link UNUSED}. */
export function forgetAfterMs({ budget }: LimitState, now: number, tier: TierSpec): number {
  return Math.max(tier.windowSeconds * 1000, refillMs(tier.bucket), budgetStanding(budget, now, tier).resetMs);
}
