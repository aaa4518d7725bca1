import type { Identity } from '../runtime/identity.js';

/** The limits of a user: requests in a sliding window, requests in a burst, tokens of models in a minute. */
export const LIMIT_NAMES = ['window', 'bucket', 'tokens'] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** How one limit stands after a decision. */
export interface LimitStanding {
  /** What it allows at most. */
  readonly quota: number;
  /** Of this, what is still free. */
  readonly remaining: number;
  /**
   * Whole seconds, rounded up: until it has room for the request that it refused (then at least 1), else until the oldest
   * request leaves the window, or until bucket or budget are full.
   */
  readonly resetAfterSeconds: number;
}

export type LimitStandings = Readonly<Record<LimitName, LimitStanding>>;

/** The answer to one request for admission. */
export type Admission =
  | {
      readonly admitted: true;
      /** Tokens set aside for the request until it is settled. */
      readonly reserved: number;
      readonly limits: LimitStandings;
    }
  | {
      readonly admitted: false;
      /** Which limit refused; of several, the one that takes longest to give way. */
      readonly by: LimitName;
      /** What that limit allows at most. */
      readonly limit: number;
      /** Of this, what is taken now. */
      readonly current: number;
      /** Whole seconds, rounded up, at least 1: waiting this long makes the next request of this size admissible. */
      readonly resetAfterSeconds: number;
      readonly limits: LimitStandings;
    };

export type Admitted = Extract<Admission, { readonly admitted: true }>;

/**
 * Sliding window, token bucket and token budget of a user, decided together: what one refuses the others do not count. Users of
 * the same name in two tenants are two users.
 */
export interface RateLimiter {
  /** @param tokens that the request may use, in and out: an estimate, a whole number from 0 */
  admit(identity: Identity, tokens: number): Promise<Admission>;
  /**
   * Corrects the reservation of an admitted request by the tokens that it has used: gives back what is left, takes what is
   * missing. A reservation that is never settled counts as used.
   */
  settle(identity: Identity, admission: Admitted, usedTokens: number): Promise<void>;
}
