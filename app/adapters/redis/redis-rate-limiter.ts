import type { Redis } from 'ioredis';
import { type TierSpec, tiers } from '../../../contract/index.js';
import { admissionOf } from '../../limits/admit.js';
import type { Admission, RateLimiter } from '../../limits/rate-limiter.js';
import type { Clock } from '../../runtime/clock.js';
import type { Identity } from '../../runtime/identity.js';
import { ADMIT_SCRIPT } from './admit-script.js';

type Found = [admitted: number, current: number, windowWaitMs: string, bucketWaitMs: string, oldestLeavesMs: string];

/** A connection that has learnt the script: it sends its digest, and its text only to a server that does not know it. */
type LimitingRedis = Redis & {
  armatureAdmit(window: string, bucket: string, ...args: readonly (string | number)[]): Promise<Found>;
};

/** Rate limits that all replicas share, decided in one trip to Redis and by its clock. */
export class RedisRateLimiter implements RateLimiter {
  readonly #redis: LimitingRedis;

  /** @param clock instead of Redis's own, for a test that moves it. @default Redis's own */
  constructor(
    redis: Redis,
    private readonly clock?: Clock,
  ) {
    redis.defineCommand('armatureAdmit', { numberOfKeys: 2, lua: ADMIT_SCRIPT });
    this.#redis = redis as LimitingRedis;
  }

  async admit({ tenant, user, tier }: Identity): Promise<Admission> {
    return this.admitBy(JSON.stringify([tenant, user]), tiers[tier]);
  }

  /** The same for limits of one's own. @param id whose limits: any text */
  async admitBy(id: string, spec: TierSpec): Promise<Admission> {
    // Both keys of one user are kept together, by the text in braces.
    const key = `limits:{${id}}`;
    const { requestsPerWindow, windowSeconds, bucket } = spec;
    const [admitted, current, windowWaitMs, bucketWaitMs, oldestLeavesMs] = await this.#redis.armatureAdmit(
      `${key}:window`,
      `${key}:bucket`,
      requestsPerWindow,
      windowSeconds * 1000,
      1000 / bucket.ratePerSecond,
      bucket.capacity,
      this.clock?.() ?? '',
    );
    const found = {
      admitted: admitted === 1,
      current,
      windowWaitMs: Number(windowWaitMs),
      bucketWaitMs: Number(bucketWaitMs),
      oldestLeavesMs: Number(oldestLeavesMs),
    };
    return admissionOf(found, spec);
  }
}
