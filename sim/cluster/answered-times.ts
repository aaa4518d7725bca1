import { LATENCY_BUCKETS_SECONDS } from '../../contract/index.js';
import type { LatencyMix } from '../model/latency-mix.js';

/** Requests that were answered, and how their times fall into the histogram that Prometheus scrapes. */
export interface AnsweredTimes {
  readonly requests: number;
  /** Those that took no longer than the bound, by its place. */
  within(bound: number): number;
}

export const NO_TIMES: AnsweredTimes = { requests: 0, within: () => 0 };

const BOUNDS = LATENCY_BUCKETS_SECONDS.length;
const LOG_BOUNDS = LATENCY_BUCKETS_SECONDS.map(Math.log);

/** Counted one by one. */
export class CountedTimes implements AnsweredTimes {
  requests = 0;
  /** Longer than the bound before, and no longer than its own; what is beyond the last is in none. */
  readonly #buckets = new Float64Array(BOUNDS);

  observe(seconds: number): void {
    let low = 0;
    let high: number = BOUNDS;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seconds <= (LATENCY_BUCKETS_SECONDS[middle] as number)) high = middle;
      else low = middle + 1;
    }
    if (low < BOUNDS) this.#buckets[low] = (this.#buckets[low] as number) + 1;
    this.requests++;
  }

  within(bound: number): number {
    let sum = 0;
    for (let at = 0; at <= bound; at++) sum += this.#buckets[at] as number;
    return sum;
  }
}

/** So many of a mix. */
export class MixedTimes implements AnsweredTimes {
  constructor(
    readonly requests: number,
    private readonly shares: BoundShares,
  ) {}

  within(bound: number): number {
    return this.requests * this.shares.within(bound);
  }
}

/** Those and these. */
export class AddedTimes implements AnsweredTimes {
  constructor(
    private readonly those: AnsweredTimes,
    private readonly these: AnsweredTimes,
  ) {}

  /** Counted one by one they may become more. */
  get requests(): number {
    return this.those.requests + this.these.requests;
  }

  within(bound: number): number {
    return this.those.within(bound) + this.these.within(bound);
  }
}

/** Shares of a mix within the bounds, reckoned when they are asked for: of so many a quantile needs the two that it is between. */
export class BoundShares {
  /** Of an even place, and of an odd one: neighbours are both known. */
  readonly #places = [-1, -1];
  readonly #shares = [0.5, 0.5];

  constructor(private readonly mix: LatencyMix) {}

  within(bound: number): number {
    const side = bound & 1;
    if (this.#places[side] !== bound) {
      this.#places[side] = bound;
      this.#shares[side] = this.mix.shareWithinLog(LOG_BOUNDS[bound] as number);
    }
    return this.#shares[side] as number;
  }
}

/** All that was answered in the window of a rate. */
export class AnsweredInWindow {
  requests = 0;
  #all: readonly AnsweredTimes[] = [];
  /** Of the bound that was looked for last: the next is seldom another. */
  #place = 0;

  /** @param scrapes what was answered from one to the next */
  take(scrapes: readonly AnsweredTimes[]): void {
    this.#all = scrapes.slice();
    this.requests = scrapes.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** `histogram_quantile`: straight within a bucket, the last bound beyond it, 0 without requests. */
  quantile(share: number): number {
    if (this.requests <= 1e-9) return 0;
    const rank = share * this.requests;
    // The first bound that as many are within.
    let place = this.#place;
    let within = this.#within(place);
    let before = this.#within(place - 1);
    for (; before >= rank; place--) [within, before] = [before, this.#within(place - 2)];
    for (; within < rank && place < BOUNDS; place++) [before, within] = [within, this.#within(place + 1)];
    this.#place = place;
    if (place === BOUNDS) return boundAt(BOUNDS - 1);
    const from = place === 0 ? 0 : boundAt(place - 1);
    return from + (boundAt(place) - from) * ((rank - before) / (within - before));
  }

  #within(bound: number): number {
    if (bound < 0) return 0;
    if (bound >= BOUNDS) return this.requests;
    let sum = 0;
    for (let at = 0; at < this.#all.length; at++) sum += (this.#all[at] as AnsweredTimes).within(bound);
    return sum;
  }
}

function boundAt(place: number): number {
  return LATENCY_BUCKETS_SECONDS[place] as number;
}
