import type { Experiment, Variant } from './experiment.js';
import { uniformHash } from './uniform-hash.js';

/**
 * The variant of a unit (a user or a session): the same on every replica and in every order of the variants.
 *
 * Each variant draws an exponential waiting time from the hash of experiment, variant and unit, at the rate of its share, and the
 * shortest wins (weighted rendezvous hashing, Schindelhauer and Schomaker 2005). So a variant is drawn with exactly its share, independently
 * between experiments, and a unit moves only towards variants whose share has grown against its own: when a treatment grows at
 * the cost of the control, everyone in the treatment stays there.
 */
export function assignVariant(experiment: Pick<Experiment, 'name' | 'variants'>, unit: string): Variant {
  let winner: Variant | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const variant of experiment.variants) {
    if (variant.share === 0) continue;
    const wait = -Math.log(uniformHash(experiment.name, variant.name, unit)) / variant.share;
    if (wait < shortest) {
      shortest = wait;
      winner = variant;
    }
  }
  if (winner === undefined)
    throw new Error(`Experiment "${experiment.name}": every share is 0; they must add up to 1.`);
  return winner;
}
