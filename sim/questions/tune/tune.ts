import type { EnvironmentClass } from '../../../stacks/index.js';
import type { Load } from '../../load/load.js';
import { type AssumptionsInput, parseAssumptions } from '../../model/assumptions.js';
import { readSystem } from '../../model/read-system.js';
import { holdToWorkloads, type Objective } from '../objective.js';
import { type PropChange, propChanges } from './prop-changes.js';
import type { Trial } from './trial.js';
import { type Confirmation, TuneSearch, type TuneStep } from './tune-search.js';

export interface TuneOptions {
  /** What must be kept beside the contract's objectives. @default none */
  readonly objectives?: readonly Objective[];
  /** What differs from the defaults (sim/model/assumptions.ts). */
  readonly assume?: AssumptionsInput;
  /** The same for every setting that is tried. @default 1 */
  readonly seed?: number;
  /** Longer ticks are quicker and less exact. @default 1 for a load of up to two hours, 5 for up to two days, else 15 */
  readonly tickSeconds?: number;
}

/** The cheapest setting of bounds, targets and pace that was found. */
export interface Tuning {
  readonly environment: string;
  readonly load: string;
  readonly objectives: readonly Objective[];
  readonly now: Trial;
  /** Where none keeps the objectives, the one that strains them least. */
  readonly best: Trial;
  /** What to write into the environment; empty where nothing is to be won, or nothing helps. */
  readonly changes: readonly PropChange[];
  readonly confirmation: Confirmation;
  /** Every setting that was tried, in order. */
  readonly trials: readonly Trial[];
}

/**
 * A search that can be looked at and left at any time: drive `steps`, then ask for what was `found` so far.
 * @throws {AssumptionsError | ObjectiveError} naming what cannot be
 */
export function tuning(
  Environment: EnvironmentClass,
  load: Load,
  { objectives = [], assume = {}, seed = 1, tickSeconds = tickFor(load) }: TuneOptions = {},
): { readonly steps: Generator<TuneStep, void>; found(): Tuning | undefined } {
  const system = readSystem(Environment, { assumed: parseAssumptions(assume) });
  holdToWorkloads(objectives, system);
  const search = new TuneSearch(system, load, objectives, { seed, tickSeconds });
  return {
    steps: search.steps(),
    found: () => {
      const { now, best, confirmation, trials } = search;
      if (!now || !best) return undefined;
      const changes = best.isKept ? propChanges(system, best.props) : [];
      return {
        ...{ environment: system.environment, load: load.name, objectives },
        ...{ now, best, changes, confirmation, trials },
      };
    },
  };
}

/** The whole search at once: the same environment, load and options give the same answer. @throws as {@link tuning} */
export function tune(Environment: EnvironmentClass, load: Load, options: TuneOptions = {}): Tuning {
  const { steps, found } = tuning(Environment, load, options);
  for (const _ of steps);
  return found() as Tuning;
}

/** Trials are many: a long load is looked at in longer steps. */
function tickFor({ durationSeconds }: Load): number {
  if (durationSeconds <= 7200) return 1;
  return durationSeconds <= 2 * 86_400 ? 5 : 15;
}
