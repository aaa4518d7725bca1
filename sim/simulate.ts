import type { EnvironmentClass } from '../stacks/index.js';
import { simulateDiscrete } from './discrete/simulate-discrete.js';
import { simulateFluid } from './fluid/simulate-fluid.js';
import type { SimulateOptions } from './fluid/simulate-options.js';
import type { Load } from './load/load.js';
import { type Assumptions, type AssumptionsInput, parseAssumptions } from './model/assumptions.js';
import { readSystem } from './model/read-system.js';
import type { SimulationResult } from './report/result.js';

export interface SimulateEnvironmentOptions extends SimulateOptions {
  /** What differs from the defaults (sim/model/assumptions.ts). */
  readonly assume?: AssumptionsInput;
  /** In ticks, or request by request: slower, with the tails that come of chance. @default 'fluid' */
  readonly engine?: 'fluid' | 'discrete';
}

/**
 * What will become of an environment under a load: the same class, load and options give the same result, to the byte.
 * @throws {AssumptionsError} naming every assumption that cannot be
 */
export function simulate(
  Environment: EnvironmentClass,
  load: Load,
  { assume = {}, engine = 'fluid', ...options }: SimulateEnvironmentOptions = {},
): SimulationResult {
  const assumed: Assumptions = parseAssumptions(assume);
  const system = readSystem(Environment, { assumed });
  return engine === 'fluid' ? simulateFluid(system, load, options) : simulateDiscrete(system, load, options);
}
