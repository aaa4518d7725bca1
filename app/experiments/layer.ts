import type { Experiment } from './experiment.js';
import { uniformHash } from './uniform-hash.js';

type Layered = Pick<Experiment, 'name' | 'layer' | 'unit' | 'active'>;

/**
 * Whether a unit may be in an experiment. Of the experiments of one layer it is in one at most: the one whose part of the layer its position
 * falls into, or that it has been exposed to and that still runs. A unit's positions in two layers are independent, and an experiment without a layer is open
 * to all (Tang, Agarwal, O'Brien, Meyer, "Overlapping experiment infrastructure", KDD 2010). Parts are stated, not drawn: one that is added or grows into
 * what was free moves nobody who is in another.
 *
 * @param exposed experiments that the unit was exposed to
 * @param running every active experiment
 */
export function isOpenTo(
  { name, layer }: Layered,
  unit: string,
  exposed: Pick<ReadonlyMap<string, unknown>, 'has'>,
  running: readonly Layered[],
): boolean {
  if (layer === undefined) return true;
  const taken = running.find((one) => one.layer?.name === layer.name && exposed.has(one.name));
  if (taken !== undefined) return taken.name === name;
  const position = uniformHash('layer', layer.name, 'position', unit);
  return layer.from <= position && position < layer.to;
}

/** Why an experiment cannot have its part of its layer beside the others, if so. */
export function layerProblem({ name, layer, unit, active }: Layered, others: readonly Layered[]): string | undefined {
  if (layer === undefined || !active) return undefined;
  for (const other of others) {
    if (other.name === name || !other.active || other.layer?.name !== layer.name) continue;
    const { from, to } = other.layer;
    if (other.unit !== unit) {
      return `"${other.name}" is in the layer "${layer.name}" too and counts ${other.unit}s, not ${unit}s: one layer keeps either apart.`;
    }
    if (layer.from < to && from < layer.to) {
      return `its part of the layer "${layer.name}", ${layer.from} to ${layer.to}, overlaps that of "${other.name}", ${from} to ${to}.`;
    }
  }
  return undefined;
}
