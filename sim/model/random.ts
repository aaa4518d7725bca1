// Taken once: they are called for every event, and where a global is looked up slowly (under Jest) that is half of a run.
const { imul, log1p } = Math;

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

/** @param sigma of the logarithm */
export function logNormal(random: () => number, mean: number, sigma: number): number {
  // Box and Muller.
  const normal = Math.sqrt(-2 * log1p(-random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(sigma * normal - sigma ** 2 / 2);
}

/** A Poisson number: by its gaps while it is small, else by the normal distribution that it comes near to. */
export function poisson(random: () => number, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * log1p(-random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
