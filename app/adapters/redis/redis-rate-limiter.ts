import type { Redis } from 'ioredis';
import { type TierSpec, tiers } from '../../../contract/index.js';
import { admissionOf } from '../../limits/admit.js';
import type { Admission, Admitted, RateLimiter } from '../../limits/rate-limiter.js';
import { reservationOf } from '../../limits/token-budget.js';
import type { Clock } from '../../runtime/clock.js';
import type { Identity } from '../../runtime/identity.js';
import { ADMIT_SCRIPT, SETTLE_SCRIPT } from './limit-scripts.js';

type Triple = [window: number, bucket: number, tokens: number];
type Found = [admitted: number, ...waitsMs: Triple, ...remaining: Triple, ...resetsMs: Triple];
type Script<R> = (window: string, state: string, ...args: readonly (string | number)[]) => Promise<R>;

/** A connection that has learnt the scripts: it sends their digests, and their text only to a server that does not know them. */
type LimitingRedis = Redis & { readonly armatureAdmit: Script<Found>; readonly armatureSettle: Script<null> };

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
  readonly #clock: Clock | undefined;
  readonly #settleWithinMs: number;
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, { clock, settleWithinMs = 0 }: RedisRateLimiterOptions = {}) {
    this.#clock = clock;
    this.#settleWithinMs = settleWithinMs;
    redis.defineCommand('armatureAdmit', { numberOfKeys: 2, lua: ADMIT_SCRIPT });
    redis.defineCommand('armatureSettle', { numberOfKeys: 2, lua: SETTLE_SCRIPT });
    this.#redis = redis as LimitingRedis;
  }

  async admit(identity: Identity, tokens: number): Promise<Admission> {
    return this.admitBy(idOf(identity), tokens, tiers[identity.tier]);
  }

  async settle(identity: Identity, { reserved }: Admitted, usedTokens: number): Promise<void> {
    if (usedTokens !== reserved) await this.settleBy(idOf(identity), usedTokens - reserved, tiers[identity.tier]);
  }

  /** The same for limits of one's own. @param id whose limits: any text */
  async admitBy(id: string, tokens: number, spec: TierSpec): Promise<Admission> {
    const reserved = reservationOf(tokens, spec);
    // First, and in the same turn: a connection that sends in batches sends them together.
    this.#sendWaiting();
    const [admitted, ...figures] = await this.#redis.armatureAdmit(
      ...keysOf(id),
      this.#clock?.() ?? '',
      spec.tokensPerMinute,
      reserved,
      spec.requestsPerWindow,
      spec.windowSeconds * 1000,
      1000 / spec.bucket.ratePerSecond,
      spec.bucket.capacity,
    );
    const [windowWaitMs, bucketWaitMs, tokensWaitMs, windowLeft, bucketLeft, tokensLeft, ...resetsMs] = figures;
    return admissionOf(
      {
        admitted: admitted === 1,
        reserved,
        waitsMs: { window: windowWaitMs, bucket: bucketWaitMs, tokens: tokensWaitMs },
        standings: {
          window: { remaining: windowLeft, resetMs: resetsMs[0] },
          bucket: { remaining: bucketLeft, resetMs: resetsMs[1] },
          tokens: { remaining: tokensLeft, resetMs: resetsMs[2] },
        },
      },
      spec,
    );
  }

  async settleBy(id: string, difference: number, { tokensPerMinute, windowSeconds }: TierSpec): Promise<void> {
    const now = this.#clock?.() ?? '';
    const send = () =>
      this.#redis.armatureSettle(...keysOf(id), now, tokensPerMinute, difference, windowSeconds * 1000);
    await (this.#settleWithinMs === 0 ? send() : this.#withNextAdmission(send));
  }

  #withNextAdmission(send: () => Promise<unknown>): Promise<unknown> {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sendWaiting();
    }, this.#settleWithinMs).unref();
    return new Promise((resolve, reject) => this.#waiting.push(() => send().then(resolve, reject)));
  }

  #sendWaiting(): void {
    const due = this.#waiting;
    this.#waiting = [];
    for (const send of due) send();
  }
}

function idOf({ tenant, user }: Identity): string {
  return JSON.stringify([tenant, user]);
}

/** Both keys of one user are kept together, by the text in braces. */
function keysOf(id: string): [window: string, state: string] {
  return [`limits:{${id}}:window`, `limits:{${id}}:state`];
}
