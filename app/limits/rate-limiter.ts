import type { Identity } from '../runtime/identity.js';

/** The answer to one request for admission. */
export type Admission =
  | {
      readonly admitted: true;
      /** Requests that the window takes. */
      readonly limit: number;
      /** Of these, those still free. */
      readonly remaining: number;
      /** Whole seconds, rounded up, at least 1: when the oldest request leaves the window. */
      readonly resetAfterSeconds: number;
    }
  | {
      readonly admitted: false;
      /** Which limit refused. */
      readonly by: 'window' | 'bucket';
      /** Requests that the window takes, or tokens that the bucket holds. */
      readonly limit: number;
      /** Requests counted in the window. */
      readonly current: number;
      /** Whole seconds, rounded up, at least 1: waiting this long makes the next request admissible. */
      readonly resetAfterSeconds: number;
    };

/**
 * Token bucket and sliding window of a user, decided together: what one refuses the other does not count. Users of the same name
 * in two tenants are two users.
 */
export interface RateLimiter {
  admit(identity: Identity): Promise<Admission>;
}
