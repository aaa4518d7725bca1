/**
 * The exact central interval of a binomial count: so many of `trials` lie outside with a chance of at most `alpha`, half of it on either side.
 * @param share 0 to 1, both excluded
 * @returns the least and the greatest count inside
 */
export function binomialInterval(trials: number, share: number, alpha: number): readonly [number, number] {
  let logMass = trials * Math.log1p(-share);
  let below = 0;
  let least: number | undefined;
  for (let count = 0; ; count++) {
    below += Math.exp(logMass);
    if (below > alpha / 2) least ??= count;
    if (below >= 1 - alpha / 2 || count === trials) return [least ?? count, count];
    logMass += Math.log((trials - count) / (count + 1)) + Math.log(share) - Math.log1p(-share);
  }
}
