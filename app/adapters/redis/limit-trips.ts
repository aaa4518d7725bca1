import type { Redis } from 'ioredis';
import { LIMIT_SCRIPT } from './limit-script.js';

type Triple = readonly [window: number, bucket: number, tokens: number];
/** What is found of an admission; nothing of a settlement. */
export type Found = readonly [admitted: number, ...waitsMs: Triple, ...remaining: Triple, ...resetsMs: Triple];

/** An admission, or a settlement, of which only the first four are said. */
export type Step = readonly [
  now: number | false,
  tokensPerMinute: number,
  windowMs: number,
  tokens: number,
  requestsPerWindow?: number,
  tokenMs?: number,
  capacity?: number,
];

/** A connection that has learnt the script: it sends the digest, and the text only to a server that does not know it. */
type LimitingRedis = Redis & { armatureLimits(keyCount: number, ...keysAndSteps: readonly string[]): Promise<string> };

interface Passenger {
  readonly id: string;
  readonly step: Step;
  readonly arrive: (found: Found) => void;
  readonly fail: (error: unknown) => void;
}

/** In one script at most: Redis does nothing else meanwhile, which is less than a millisecond for so many. */
const MOST_STEPS = 128;

/** Trips to Redis, one at a time. Steps that come while one is under way go together in the next. */
export class LimitTrips {
  readonly #redis: LimitingRedis;
  #waiting: Passenger[] = [];
  /** Whether one of them may wait no longer. */
  #due = false;
  #underWay = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis) {
    redis.defineCommand('armatureLimits', { lua: LIMIT_SCRIPT });
    this.#redis = redis as LimitingRedis;
  }

  /** @param withinMs how long it may wait for one that does not wait. @default 0: it does not wait */
  take(id: string, step: Step, withinMs = 0): Promise<Found> {
    const arrival = new Promise<Found>((arrive, fail) => this.#waiting.push({ id, step, arrive, fail }));
    if (withinMs === 0) this.#setOut();
    else this.#timer ??= setTimeout(() => this.#setOut(), withinMs).unref();
    return arrival;
  }

  #setOut(): void {
    this.#due = true;
    if (this.#underWay) return;
    this.#underWay = true;
    // What the same turn of the event loop asks for comes with it.
    setImmediate(() => this.#travel());
  }

  /** Takes all who wait, in as many scripts as they need: beyond the next trip nobody waits, though Redis answer none. */
  async #travel(): Promise<void> {
    const passengers = this.#waiting;
    this.#waiting = [];
    this.#due = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const scripts: Promise<void>[] = [];
    for (let first = 0; first < passengers.length; first += MOST_STEPS) {
      scripts.push(this.#carry(passengers.slice(first, first + MOST_STEPS)));
    }
    await Promise.all(scripts);
    this.#underWay = false;
    if (this.#due) this.#setOut();
  }

  async #carry(passengers: readonly Passenger[]): Promise<void> {
    const keys = passengers.flatMap(({ id }) => keysOf(id));
    const steps = JSON.stringify(passengers.map(({ step }) => step));
    try {
      const results: readonly (Found | string)[] = JSON.parse(
        await this.#redis.armatureLimits(keys.length, ...keys, steps),
      );
      for (const [i, { arrive, fail }] of passengers.entries()) {
        const result = results[i] as Found | string;
        if (typeof result === 'string') fail(new Error(`Redis refuses: ${result}`));
        else arrive(result);
      }
    } catch (error) {
      for (const { fail } of passengers) fail(error);
    }
  }
}

/** Both keys of one user are kept together, by the text in braces. */
function keysOf(id: string): [window: string, state: string] {
  return [`limits:{${id}}:window`, `limits:{${id}}:state`];
}
