import type { Redis } from 'ioredis';
import { type TierSpec, tiers } from '../../../contract/index.js';
import { admissionOf, type LimitsFound } from '../../limits/admit.js';
import type { Admission, Admitted, RateLimiter } from '../../limits/rate-limiter.js';
import { reservationOf } from '../../limits/token-budget.js';
import type { Clock } from '../../runtime/clock.js';
import type { Identity } from '../../runtime/identity.js';
import { GatheredTrips } from './gathered-trips.js';
import { type Found, LIMIT_SCRIPT, type Step } from './limit-script.js';

/** A connection that has learnt the script: it sends the digest, and the text only to a server that does not know it. */
type LimitingRedis = Redis & { armatureLimits(keyCount: number, ...keysAndSteps: readonly string[]): Promise<string> };

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
  readonly #redis: LimitingRedis;
  readonly #trips = new GatheredTrips<readonly [id: string, step: Step], Found>((asked) => this.#decide(asked));
  readonly #clock: Clock | undefined;
  readonly #settleWithinMs: number;

  constructor(redis: Redis, { clock, settleWithinMs = 0 }: RedisRateLimiterOptions = {}) {
    redis.defineCommand('armatureLimits', { lua: LIMIT_SCRIPT });
    this.#redis = redis as LimitingRedis;
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
    return this.#trips.take([id, step]).then((found) => admissionOf(limitsOf(found, reserved), spec));
  }

  async settleBy(id: string, difference: number, { tokensPerMinute, windowSeconds }: TierSpec): Promise<void> {
    const step = [this.#clock?.() ?? false, tokensPerMinute, windowSeconds * 1000, difference] as const;
    await this.#trips.take([id, step], this.#settleWithinMs);
  }

  async #decide(asked: readonly (readonly [id: string, step: Step])[]): Promise<readonly Found[]> {
    const keys = asked.flatMap(([id]) => keysOf(id));
    return JSON.parse(
      await this.#redis.armatureLimits(keys.length, ...keys, JSON.stringify(asked.map(([, step]) => step))),
    );
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

/** Both keys of one user are kept together, by the text in braces. */
function keysOf(id: string): [window: string, state: string] {
  return [`limits:{${id}}:window`, `limits:{${id}}:state`];
}

function idOf({ tenant, user }: Identity): string {
  return JSON.stringify([tenant, user]);
}
