import type { LatencyMix } from './latency-mix.js';

const LEAST_SECONDS = 1e-3;
const PER_DECADE = 40;
const DECADES = 8;
// Taken once, for every request comes by (see random.ts).
const { ceil, log, log10, min } = Math;
const BINS = PER_DECADE * DECADES;

/** So large a share is taken for all: the last few take the last of the time. */
const ALL = 0.99995;

const BOUNDS = Float64Array.from({ length: BINS + 1 }, (_, bin) => boundOf(bin));
const LOG_BOUNDS = BOUNDS.map(Math.log);

/** Times from a millisecond to a day in bins of 6 %: so many requests took so long, in a size that never grows. */
export class LatencyHistogram {
  readonly #bins = new Float64Array(BINS + 1);
  total = 0;

  observe(seconds: number): void {
    this.observeBin(binOf(seconds));
  }

  /** The same by {@link binOf}: whoever puts a time into several histograms looks it up once. */
  observeBin(bin: number): void {
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
    this.total++;
  }

  /** So many requests of a mix at once; those that would take longer than `atMostSeconds` take just so long. */
  add(requests: number, times: BinnedMix, atMostSeconds = Number.POSITIVE_INFINITY): void {
    if (requests <= 0) return;
    let before = 0;
    const { shares } = times;
    for (let at = min(times.first, binBefore(log(atMostSeconds))); at <= BINS && before < ALL; at++) {
      const bound = BOUNDS[at] as number;
      const within = bound >= atMostSeconds || at === BINS ? 1 : (shares[at] as number);
      this.#bins[at] = (this.#bins[at] ?? 0) + requests * (within - before);
      before = within;
    }
    this.total += requests;
  }

  /** 0 without requests. */
  quantile(share: number): number {
    let left = share * this.total;
    for (let at = 0; at <= BINS; at++) {
      const count = this.#bins[at] ?? 0;
      if (count > 0 && count >= left) return at === 0 ? LEAST_SECONDS : boundOf(at - 1 + left / count);
      left -= count;
    }
    return 0;
  }
}

/** A mix by the bins of a histogram, each reckoned once however many histograms take it in. Takes another in its place. */
export class BinnedMix {
  /** Below this bin there is nobody. */
  first = 0;
  /** Of the requests that take no longer than the bin's bound, as far as there are more than a few beyond it. */
  readonly shares = new Float64Array(BINS + 1);

  constructor(public mix: LatencyMix) {
    this.take(mix);
  }

  take(mix: LatencyMix): this {
    this.mix = mix;
    this.first = binBefore(mix.leastLog);
    this.shares.fill(0, 0, this.first);
    for (let at = this.first; at <= BINS; at++) {
      const share = mix.shareWithinLog(LOG_BOUNDS[at] as number);
      this.shares[at] = share;
      if (share >= ALL) break;
    }
    return this;
  }
}

function boundOf(bin: number): number {
  return LEAST_SECONDS * 10 ** (bin / PER_DECADE);
}

export function binOf(seconds: number): number {
  return seconds <= LEAST_SECONDS ? 0 : min(BINS, ceil(log10(seconds / LEAST_SECONDS) * PER_DECADE));
}

/** One from which on there may be somebody. */
function binBefore(log: number): number {
  const bin = Math.floor((log - (LOG_BOUNDS[0] as number)) * (PER_DECADE / Math.LN10)) - 1;
  return Math.min(BINS, Math.max(0, bin));
}
