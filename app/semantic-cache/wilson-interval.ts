/** Of the normal distribution: 95 % lie within so many standard deviations. */
const Z = 1.959964;

/** Wilson's 95 % interval of a proportion (Wilson 1927). It says something of no event too. Of no trial it says nothing: 0 to 1. */
export function wilsonInterval(events: number, trials: number): { readonly lower: number; readonly upper: number } {
  if (trials === 0) return { lower: 0, upper: 1 };
  const ratio = events / trials;
  const weight = Z ** 2 / trials;
  const centre = ratio + weight / 2;
  const spread = Z * Math.sqrt((ratio * (1 - ratio)) / trials + weight / (4 * trials));
  const bound = (at: number) => Math.min(1, Math.max(0, at / (1 + weight)));
  return { lower: bound(centre - spread), upper: bound(centre + spread) };
}
