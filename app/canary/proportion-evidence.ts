/** Trials and how many of them went the way that is counted, such as requests and errors. Rates make them fractions. */
export interface Tally {
  readonly trials: number;
  readonly hits: number;
}

export const NO_TRIALS: Tally = { trials: 0, hits: 0 };

export function addTallies(one: Tally, other: Tally): Tally {
  return { trials: one.trials + other.trials, hits: one.hits + other.hits };
}

/** Share of the capital that each bettor stakes, 2^-0.5 to 2^-10: small stakes find small excesses, large ones find large ones soon. */
const BETTORS = Array.from({ length: 20 }, (_, k) => {
  const stake = 2 ** (-(k + 1) / 2);
  return { stake, logOfLoss: Math.log1p(-stake) };
});

const BISECTIONS = 50;

/**
 * Logarithm of the evidence that hits are more frequent than `share`: the mean capital of bettors who stake a fixed part of
 * theirs on every trial, at odds that are fair if the share is exactly `share`. While each trial's chance is at most
 * `share`, whatever came before it, the chance that the evidence ever reaches 1/alpha is at most alpha: one may look after
 * every trial. Ville's inequality for the mixture of bets of Waudby-Smith and Ramdas, "Estimating means of bounded random
 * variables by betting", JRSS B 86 (2024), 1-27, sections 4.1 and 4.4; for proportions a discrete form of Robbins' beta-binomial
 * mixture (Ann. Math. Statist. 41 (1970), 1397-1409).
 *
 * @param share between 0 and 1, both excluded
 */
export function logEvidence({ trials, hits }: Tally, share: number): number {
  const logCapitals = BETTORS.map(
    ({ stake, logOfLoss }) => hits * Math.log(1 - stake + stake / share) + (trials - hits) * logOfLoss,
  );
  const largest = Math.max(...logCapitals);
  const sum = logCapitals.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / BETTORS.length);
}

/** Whether the lower bound of {@link lowerBound} is at or beyond `share`, without searching for it. */
export function isBeyond(tally: Tally, share: number, alpha: number): boolean {
  // No bettor gains where hits are no more frequent than the odds say (Jensen), which is most of the time.
  return tally.hits > share * tally.trials && logEvidence(tally, share) >= -Math.log(alpha);
}

/** Whether the share of hits is proven to lie below `share`: the misses are more frequent than they would be at it. */
export function isBelow({ trials, hits }: Tally, share: number, alpha: number): boolean {
  return isBeyond({ trials, hits: trials - hits }, 1 - share, alpha);
}

/**
 * Lower bound of the share of hits that holds at every look at once with probability 1 - alpha. Exact by bisection: the evidence falls
 * as the share grows. 0 when nothing can be said.
 */
export function lowerBound(tally: Tally, alpha: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (isBeyond(tally, middle, alpha)) low = middle;
    else high = middle;
  }
  return low;
}
