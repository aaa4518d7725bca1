import { embeddedBounds, tiers } from '../../../contract/index.js';
import { admit, forgetAfterMs, type LimitState, settle, UNUSED } from '../../limits/admit.js';
import type { Admission, Admitted, RateLimiter } from '../../limits/rate-limiter.js';
import type { Clock } from '../../runtime/clock.js';
import type { Identity } from '../../runtime/identity.js';

interface Remembered extends LimitState {
  readonly forgetAt: number;
}

/** Rate limits within one process. Users idle for so long that nothing counts any more are forgotten. */
export class MemoryRateLimiter implements RateLimiter {
  /** In order of last use, the longest idle first. */
  readonly #users = new Map<string, Remembered>();

  /** @param maxUsers users remembered; beyond it the longest idle one starts anew. @default embeddedBounds.rateLimitedUsers */
  constructor(
    private readonly clock: Clock,
    private readonly maxUsers: number = embeddedBounds.rateLimitedUsers,
  ) {}

  /** Users remembered now. */
  get size(): number {
    return this.#users.size;
  }

  async admit(identity: Identity, tokens: number): Promise<Admission> {
    const now = this.clock();
    const user = keyOf(identity);
    const { admission, next } = admit(this.#users.get(user) ?? UNUSED, now, tokens, tiers[identity.tier]);
    this.#remember(user, next, now, identity);
    return admission;
  }

  async settle(identity: Identity, { reserved }: Admitted, usedTokens: number): Promise<void> {
    const now = this.clock();
    const user = keyOf(identity);
    const next = settle(this.#users.get(user) ?? UNUSED, now, usedTokens - reserved, tiers[identity.tier]);
    this.#remember(user, next, now, identity);
  }

  #remember(user: string, next: LimitState, now: number, { tier }: Identity): void {
    this.#users.delete(user);
    this.#users.set(user, { ...next, forgetAt: now + forgetAfterMs(next, now, tiers[tier]) });
    this.#forgetIdle(now);
  }

  #forgetIdle(now: number): void {
    for (const [user, { forgetAt }] of this.#users) {
      if (forgetAt > now && this.#users.size <= this.maxUsers) return;
      this.#users.delete(user);
    }
  }
}

function keyOf({ tenant, user }: Identity): string {
  return JSON.stringify([tenant, user]);
}
