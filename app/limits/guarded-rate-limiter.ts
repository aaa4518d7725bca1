import { errors } from '../runtime/errors.js';
import type { Identity } from '../runtime/identity.js';
import type { Admission, RateLimiter } from './rate-limiter.js';

/**
 * What the limits are while their store is away.
 *
 * - `failOpen`: each replica counts by itself, so that of n replicas together at most n times the limit is admitted.
 * - `failClosed`: nothing is admitted; the caller is told to come back.
 */
export type WhenLimitsAreAway =
  | { readonly policy: 'failOpen'; readonly own: RateLimiter }
  | { readonly policy: 'failClosed' };

/** Keeps deciding while the shared limits cannot be asked. How long that takes is bounded by the time of `shared`'s commands. */
export class GuardedRateLimiter implements RateLimiter {
  #away = false;

  /** @param onChange hears once that the shared limits are away, and why; without an error, that they are back. It must not throw */
  constructor(
    private readonly shared: RateLimiter,
    private readonly whenAway: WhenLimitsAreAway,
    private readonly onChange: (error?: unknown) => void,
  ) {}

  async admit(identity: Identity): Promise<Admission> {
    try {
      const admission = await this.shared.admit(identity);
      if (this.#away) this.onChange();
      this.#away = false;
      return admission;
    } catch (error) {
      if (!this.#away) this.onChange(error);
      this.#away = true;
      if (this.whenAway.policy === 'failOpen') return this.whenAway.own.admit(identity);
      throw Object.assign(errors.unavailable('The rate limiter', 1), { cause: error });
    }
  }
}
