import type { Redis } from 'ioredis';
import { type TierSpec, tiers } from '../../../contract/index.js';
import { admissionOf, type LimitsFound } from '../../limits/admit.js';
import type { Admission, Admitted, RateLimiter } from '../../limits/rate-limiter.js';
import { reservationOf } from '../../limits/token-budget.js';
import type { Clock } from '../../runtime/clock.js';
import type { Identity } from '../../runtime/identity.js';
import { type Found, LimitTrips } from './limit-trips.js';

interface RedisRateLimiterOptions {
  /** Instead of Redis's own, for a test that moves it. @default Redis's own */
  readonly clock?: Clock;
  /**
   * How long a settlement may wait to go with the next admission: a trip of its own costs a request as much as its admission.
   * @default 0: it does not wait
   */
  readonly settleWithinMs?: number;
}

/** Rate limits that all replicas share, decided in one trip to Redis and by its clock. */
export class RedisRateLimiter implements RateLimiter {
  readonly #trips: LimitTrips;
  readonly #clock: Clock | undefined;
  readonly #settleWithinMs: number;

  constructor(redis: Redis, { clock, settleWithinMs = 0 }: RedisRateLimiterOptions = {}) {
    this.#trips = new LimitTrips(redis);
    this.#clock = clock;
    this.#settleWithinMs = settleWithinMs;
  }

  admit(identity: Identity, tokens: number): Promise<Admission> {
    return this.admitBy(idOf(identity), tokens, tiers[identity.tier]);
  }

  settle(identity: Identity, { reserved }: Admitted, usedTokens: number): Promise<void> {
    if (usedTokens === reserved) return Promise.resolve();
    return this.settleBy(idOf(identity), usedTokens - reserved, tiers[identity.tier]);
  }

  /** The same for limits of one's own. @param id whose limits: any text */
  admitBy(id: string, tokens: number, spec: TierSpec): Promise<Admission> {
    const { tokensPerMinute, windowSeconds, requestsPerWindow, bucket } = spec;
    const reserved = reservationOf(tokens, spec);
    const step = [
      this.#clock?.() ?? false,
      tokensPerMinute,
      windowSeconds * 1000,
      reserved,
      requestsPerWindow,
      1000 / bucket.ratePerSecond,
      bucket.capacity,
    ] as const;
    return this.#trips.take(id, step).then((found) => admissionOf(limitsOf(found, reserved), spec));
  }

  async settleBy(id: string, difference: number, { tokensPerMinute, windowSeconds }: TierSpec): Promise<void> {
    const step = [this.#clock?.() ?? false, tokensPerMinute, windowSeconds * 1000, difference] as const;
    await this.#trips.take(id, step, this.#settleWithinMs);
  }
}

function limitsOf(found: Found, reserved: number): LimitsFound {
  return {
    admitted: found[0] === 1,
    reserved,
    waitsMs: { window: found[1], bucket: found[2], tokens: found[3] },
    standings: {
      window: { remaining: found[4], resetMs: found[7] },
      bucket: { remaining: found[5], resetMs: found[8] },
      tokens: { remaining: found[6], resetMs: found[9] },
    },
  };
}

function idOf({ tenant, user }: Identity): string {
  return JSON.stringify([tenant, user]);
}
