import type { EnvironmentClass } from '../../stacks/index.js';
import { simulateFluid } from '../fluid/simulate-fluid.js';
import { constantLoad } from '../load/shapes.js';
import { type AssumptionsInput, parseAssumptions } from '../model/assumptions.js';
import { readSystem } from '../model/read-system.js';
import type { SimulationResult } from '../report/result.js';
import { holdToWorkloads, type Objective, shortcomings } from './objective.js';

/** The highest load that an environment bears. */
export interface Capacity {
  readonly environment: string;
  /** Requests a second that last; 0 if not even a tenth of one does. */
  readonly rps: number;
  readonly at: SimulationResult | undefined;
  /** What gives way just above it, the first first. */
  readonly breaksFirst: readonly string[];
}

export interface CapacityOptions {
  readonly assume?: AssumptionsInput;
  /** Beside the contract's. @default none */
  readonly objectives?: readonly Objective[];
}

const LEAST_RPS = 0.1;
/** Beyond this the model says nothing any more: no stores are in it. */
const MOST_RPS = 1_000_000;
/** How near to the limit it ends. */
const PRECISION = 0.01;

/** A rate that lasts: autoscalers have an hour to settle, and then it must be borne for half an hour. */
const SETTLE = { warmupSeconds: 3600, tickSeconds: 5, totalsOnly: true } as const;
const BORNE_SECONDS = 1800;

/** How far a search is: what lasts, and what does not, as far as it is known. */
export interface CapacityStep {
  readonly tried: number;
  readonly borneRps: number;
  readonly brokenRps: number | undefined;
}

/** @throws {AssumptionsError | ObjectiveError} naming what cannot be */
export function capacity(Environment: EnvironmentClass, options: CapacityOptions = {}): Capacity {
  const { steps, found } = seekingCapacity(Environment, options);
  for (const _ of steps);
  return found() as Capacity;
}

/**
 * A search that can be looked at and left at any time: drive `steps`, then ask for what was `found` so far; undefined before the first rate was tried.
 * @throws {AssumptionsError | ObjectiveError} naming what cannot be
 */
export function seekingCapacity(
  Environment: EnvironmentClass,
  { assume = {}, objectives = [] }: CapacityOptions = {},
): { readonly steps: Generator<CapacityStep, void>; found(): Capacity | undefined } {
  const system = readSystem(Environment, { assumed: parseAssumptions(assume) });
  holdToWorkloads(objectives, system);
  let tried = 0;
  let low = 0;
  let high: number | undefined;
  let at: SimulationResult | undefined;
  let broken: readonly string[] = [];
  function* lasts(rps: number): Generator<CapacityStep, boolean> {
    const result = simulateFluid(system, constantLoad(rps, BORNE_SECONDS), SETTLE);
    const found = shortcomings(result, objectives);
    tried++;
    if (found.length > 0) [high, broken] = [rps, found];
    else [low, at] = [rps, result];
    yield { tried, borneRps: low, brokenRps: high };
    return found.length === 0;
  }
  function* steps(): Generator<CapacityStep, void> {
    for (let rps = LEAST_RPS; rps <= MOST_RPS && (yield* lasts(rps)); rps *= 2);
    while (low > 0 && high !== undefined && high / low > 1 + PRECISION) yield* lasts(Math.sqrt(low * high));
  }
  return {
    steps: steps(),
    found: () =>
      tried === 0
        ? undefined
        : { environment: system.environment, rps: Number(low.toPrecision(3)), at, breaksFirst: broken },
  };
}
