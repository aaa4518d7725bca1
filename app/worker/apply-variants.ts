import type { ExperimentAssignment, ExperimentConfig } from '../../contract/index.js';

export interface AppliedVariants {
  readonly config: ExperimentConfig;
  /** Experiments whose variant the answer is made by, and no other: only they count as used. */
  readonly used: readonly ExperimentAssignment[];
}

/**
 * Puts the variants of several experiments together. An experiment whose setting is already taken, by the message itself or by an
 * experiment before it, is not used at all: for its control as for its treatments, or those who are left would not be comparable.
 */
export function applyVariants(
  assignments: readonly ExperimentAssignment[],
  taken: readonly (keyof ExperimentConfig)[],
): AppliedVariants {
  const settled = new Set<string>(taken);
  const used = assignments.filter(({ varies }) => {
    if (varies.some((key) => settled.has(key))) return false;
    for (const key of varies) settled.add(key);
    return true;
  });
  return { used, config: Object.assign({}, ...used.map(({ config }) => config)) };
}
