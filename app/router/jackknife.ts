/** Groups of which one at a time is left out. */
const GROUPS = 20;
/** Of the normal distribution: 95 % lie within so many standard deviations. */
const Z = 1.959964;

/**
 * Half the width of a figure's 95 % interval, from how it changes when a twentieth of its prompts is left out (delete-a-group jackknife:
 * Kott, 2001). No chance is in it, so that the same file gives the same interval.
 */
export function halfWidth<T>(prompts: readonly T[], figure: (some: readonly T[]) => number): number {
  const groups = Math.min(GROUPS, prompts.length);
  const values = Array.from({ length: groups }, (_, group) => figure(prompts.filter((_, i) => i % groups !== group)));
  const mean = values.reduce((sum, value) => sum + value, 0) / groups;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Z * Math.sqrt(((groups - 1) / groups) * squares);
}
