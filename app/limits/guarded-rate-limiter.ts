import type { Clock } from '../runtime/clock.js';
import { errors } from '../runtime/errors.js';
import type { Identity } from '../runtime/identity.js';
import type { Admission, Admitted, RateLimiter } from './rate-limiter.js';

/**
 * What the limits are while their store is away.
 *
 * - `failOpen`: each replica counts by itself, so that of n replicas together at most n times the limit is admitted, beside what the
 *   shared limits had admitted before.
 * - `failClosed`: nothing is admitted; the caller is told to come back.
 */
export type WhenLimitsAreAway =
  | { readonly policy: 'failOpen'; readonly own: RateLimiter }
  | { readonly policy: 'failClosed' };

/** So long must nothing have failed for the shared limits to be told back: a store that answers now and then would be told of at each request. */
const STEADY_MS = 10_000;

/** Keeps deciding while the shared limits cannot be asked. How long that takes is bounded by the time of `shared`'s commands. */
export class GuardedRateLimiter implements RateLimiter {
  /** When they last failed, while they are told to be away. */
  #failedAt: number | undefined;
  /** What this replica admitted by itself is settled by itself, though the shared limits be back by then. */
  readonly #own = new WeakSet<Admission>();

  /** @param onChange hears once that the shared limits are away, and why; without an error, that they are steadily back. It must not throw */
  constructor(
    private readonly shared: RateLimiter,
    private readonly whenAway: WhenLimitsAreAway,
    private readonly clock: Clock,
    private readonly onChange: (error?: unknown) => void,
  ) {}

  admit(identity: Identity, tokens: number): Promise<Admission> {
    return this.shared.admit(identity, tokens).then(
      (admission) => {
        if (this.#failedAt !== undefined) this.#answered(this.#failedAt);
        return admission;
      },
      (error: unknown) => {
        this.#failed(error);
        return this.#admitAlone(identity, tokens, error);
      },
    );
  }

  /** What cannot be settled now never is: the reservation counts as used. */
  settle(identity: Identity, admission: Admitted, usedTokens: number): Promise<void> {
    if (this.whenAway.policy === 'failOpen' && this.#own.has(admission))
      return this.whenAway.own.settle(identity, admission, usedTokens);
    return this.shared.settle(identity, admission, usedTokens).catch((error: unknown) => this.#failed(error));
  }

  async #admitAlone(identity: Identity, tokens: number, cause: unknown): Promise<Admission> {
    if (this.whenAway.policy === 'failClosed')
      throw Object.assign(errors.unavailable('The rate limiter', 1), { cause });
    const admission = await this.whenAway.own.admit(identity, tokens);
    this.#own.add(admission);
    return admission;
  }

  #failed(error: unknown): void {
    if (this.#failedAt === undefined) this.onChange(error);
    this.#failedAt = this.clock();
  }

  #answered(failedAt: number): void {
    if (this.clock() - failedAt < STEADY_MS) return;
    this.#failedAt = undefined;
    this.onChange();
  }
}
