/** One way that a request may take, with its chance, and mean and variance of its time in seconds. */
export interface Path {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

interface Part {
  readonly weight: number;
  readonly mu: number;
  readonly sigma: number;
}

/** Times of requests that take one of several paths, each log-normal: long tails, and never below 0. */
export class LatencyMix {
  readonly #parts: readonly Part[];
  readonly mean: number;
  readonly variance: number;

  constructor(paths: readonly Path[]) {
    const total = paths.reduce((sum, { weight }) => sum + weight, 0) || 1;
    let mean = 0;
    let square = 0;
    this.#parts = paths.map((path) => {
      const weight = path.weight / total;
      mean += weight * path.mean;
      square += weight * (path.variance + path.mean ** 2);
      const ratio = path.mean > 0 ? path.variance / path.mean ** 2 : 0;
      const sigma = Math.sqrt(Math.log1p(ratio));
      return { weight, sigma, mu: Math.log(Math.max(path.mean, 1e-9)) - sigma ** 2 / 2 };
    });
    this.mean = mean;
    this.variance = Math.max(0, square - mean ** 2);
  }

  /** Squared coefficient of variation. */
  get scv(): number {
    return this.mean > 0 ? this.variance / this.mean ** 2 : 0;
  }

  /** Share of the requests that take no longer. */
  shareWithin(seconds: number): number {
    return this.shareWithinLog(Math.log(seconds));
  }

  /** The same by the logarithm of the seconds: whoever asks of the same bounds again and again takes theirs once. */
  shareWithinLog(log: number): number {
    const parts = this.#parts;
    let share = 0;
    for (let i = 0; i < parts.length; i++) {
      const { weight, mu, sigma } = parts[i] as Part;
      if (sigma > 0) share += weight * normalCdf((log - mu) / sigma);
      else if (log >= mu) share += weight;
    }
    return share;
  }

  /** Logarithm of a time below which there is nobody. */
  get leastLog(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { mu, sigma } of this.#parts) least = Math.min(least, mu - 6 * sigma);
    return least;
  }

  /** @param share between 0 and 1, both excluded */
  quantile(share: number): number {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const { mu, sigma } of this.#parts) {
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

// Taken once: most of a run is spent below, and where a global is looked up slowly (under Jest) that is most of it.
const { abs, exp } = Math;

/** Abramowitz and Stegun 26.2.17; its error is below 7.5e-8. */
function normalCdf(x: number): number {
  if (x > 6) return 1;
  if (x < -6) return 0;
  const t = 1 / (1 + 0.2316419 * abs(x));
  const tail =
    0.3989422804014327 *
    exp((-x * x) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
