import type { Experiment } from './experiment.js';
import type { ExperimentChange } from './experiment-store.js';

/**
 * Since when the shares are as they are; 0 where that is not told. Units that were exposed before came by other shares, and stay with the variant
 * that they have, so only those of later count in a check of the split.
 */
export function lastSplitChange(changes: readonly ExperimentChange[]): number {
  const last = changes.findLast(({ before, after }) => before === null || split(before) !== split(after));
  return last?.at ?? 0;
}

function split({ variants }: Experiment): string {
  return JSON.stringify(variants.map(({ name, share }) => [name, share]).sort());
}
