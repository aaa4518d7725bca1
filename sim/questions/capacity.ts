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

/** @throws {ObjectiveError} for a workload that there is not */
export function capacity(
  Environment: EnvironmentClass,
  { assume = {}, objectives = [] }: CapacityOptions = {},
): Capacity {
  const system = readSystem(Environment, { assumed: parseAssumptions(assume) });
  holdToWorkloads(objectives, system);
  const run = (rps: number) => simulateFluid(system, constantLoad(rps, BORNE_SECONDS), SETTLE);
  let low = 0;
  let at: SimulationResult | undefined;
  let high = LEAST_RPS;
  let broken: readonly string[] = [];
  while (high <= MOST_RPS) {
    const result = run(high);
    broken = shortcomings(result, objectives);
    if (broken.length > 0) break;
    low = high;
    at = result;
    high *= 2;
  }
  while (low > 0 && broken.length > 0 && high / low > 1 + PRECISION) {
    const middle = Math.sqrt(low * high);
    const result = run(middle);
    const found = shortcomings(result, objectives);
    if (found.length > 0) {
      high = middle;
      broken = found;
    } else {
      low = middle;
      at = result;
    }
  }
  return { environment: system.environment, rps: Number(low.toPrecision(3)), at, breaksFirst: broken };
}
