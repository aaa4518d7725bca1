// Taken once: they are called for every event, and where a global is looked up slowly (under Jest) that is half of a run.
const { cos, exp, imul, log1p, max, PI, round, sqrt } = Math;

/** Uniform numbers in [0, 1), the same for the same seed: mulberry32 (Tommy Ettinger, 2017, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function exponential(random: () => number, mean: number): number {
  return -mean * log1p(-random());
}

/** Box and Muller. */
function standardNormal(random: () => number): number {
  return sqrt(-2 * log1p(-random())) * cos(2 * PI * random());
}

/** @param sigma of the logarithm */
export function logNormal(random: () => number, mean: number, sigma: number): number {
  const normal = standardNormal(random);
  return mean * exp(sigma * normal - sigma ** 2 / 2);
}

/** An amount that is no whole number, by the normal distribution; what would be below 0 is 0. */
export function normalAmount(random: () => number, mean: number, variance: number): number {
  return mean > 0 ? max(0, mean + sqrt(variance) * standardNormal(random)) : 0;
}

/** A Poisson number: by its gaps while it is small, else by the normal distribution that it comes near to. */
export function poisson(random: () => number, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    return max(0, round(mean + sqrt(mean) * standardNormal(random)));
  }
  const limit = exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
