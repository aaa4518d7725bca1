import type { Identity } from '../runtime/identity.js';

/** The answer to one request for admission. */
export type Admission =
  | { readonly admitted: true; readonly limit: number; readonly remaining: number; readonly resetAfterSeconds: number }
  | {
      readonly admitted: false;
      /** Which limit refused. */
      readonly by: 'window' | 'bucket';
      readonly limit: number;
      /** Requests counted in the window. */
      readonly current: number;
      /** Whole seconds, rounded up, at least 1: waiting this long makes the next request admissible. */
      readonly resetAfterSeconds: number;
    };

/** Token bucket and sliding window of a user, decided together: what one refuses the other does not count. */
export interface RateLimiter {
  admit(identity: Identity): Promise<Admission>;
}
