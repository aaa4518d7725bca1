import { normalShare } from './normal-share.js';

/** One way that a request may take, with its chance, and mean and variance of its time in seconds. */
export interface Path {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** Many paths, each three numbers in a row: weight, mean and variance. They are made in every tick, and one list is made sooner than many objects. */
export type Paths = readonly number[];

/** The same as log-normal parts: weight, mu and sigma. */
type Parts = readonly number[];

/** Times of requests that take one of several paths, each log-normal: long tails, and never below 0. */
export class LatencyMix {
  readonly mean: number;
  readonly variance: number;
  readonly #total: number;
  #known: Parts | undefined;

  constructor(private readonly paths: Paths) {
    let total = 0;
    let first = 0;
    let second = 0;
    for (let i = 0; i < paths.length; i += 3) {
      const weight = paths[i] as number;
      const mean = paths[i + 1] as number;
      total += weight;
      first += weight * mean;
      second += weight * ((paths[i + 2] as number) + mean ** 2);
    }
    this.#total = total || 1;
    this.mean = first / this.#total;
    this.variance = Math.max(0, second / this.#total - this.mean ** 2);
  }

  static of(paths: readonly Path[]): LatencyMix {
    return new LatencyMix(paths.flatMap(({ weight, mean, variance }) => [weight, mean, variance]));
  }

  /** Reckoned when they are asked for: of most mixes nobody wants more than the mean. */
  get #parts(): Parts {
    this.#known ??= partsOf(this.paths, this.#total);
    return this.#known;
  }

  /** Squared coefficient of variation. */
  get scv(): number {
    return this.mean > 0 ? this.variance / this.mean ** 2 : 0;
  }

  /** Share of the requests that take no longer. */
  shareWithin(seconds: number): number {
    return this.shareWithinLog(Math.log(seconds));
  }

  /** The same by the time's logarithm: of a time that is asked of often it is known. */
  shareWithinLog(log: number): number {
    const parts = this.#parts;
    let share = 0;
    for (let i = 0; i < parts.length; i += 3) {
      share += (parts[i] as number) * shareOf(parts[i + 1] as number, parts[i + 2] as number, log);
    }
    return share;
  }

  /** Logarithm of a time below which there is nobody. */
  get leastLog(): number {
    const parts = this.#parts;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < parts.length; i += 3) {
      least = Math.min(least, (parts[i + 1] as number) - 6 * (parts[i + 2] as number));
    }
    return least;
  }

  /** @param share between 0 and 1, both excluded */
  quantile(share: number): number {
    const parts = this.#parts;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let i = 0; i < parts.length; i += 3) {
      const [mu, sigma] = [parts[i + 1] as number, parts[i + 2] as number];
      low = Math.min(low, Math.exp(mu - 6 * sigma));
      high = Math.max(high, Math.exp(mu + 6 * sigma));
    }
    // A thousandth is nearer than any of the assumptions.
    while (high - low > 1e-3 * high) {
      const middle = (low + high) / 2;
      if (this.shareWithin(middle) < share) low = middle;
      else high = middle;
    }
    return high;
  }
}

function partsOf(paths: Paths, total: number): Parts {
  const parts = new Array<number>(paths.length);
  for (let i = 0; i < paths.length; i += 3) {
    const mean = paths[i + 1] as number;
    const ratio = mean > 0 ? (paths[i + 2] as number) / mean ** 2 : 0;
    const sigma = Math.sqrt(Math.log1p(ratio));
    parts[i] = (paths[i] as number) / total;
    parts[i + 1] = Math.log(Math.max(mean, 1e-9)) - sigma ** 2 / 2;
    parts[i + 2] = sigma;
  }
  return parts;
}

/** Share of a log-normal part below a time. */
function shareOf(mu: number, sigma: number, log: number): number {
  if (sigma <= 0) return log >= mu ? 1 : 0;
  return normalShare((log - mu) / sigma);
}
