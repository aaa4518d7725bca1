import type { EnvironmentClass } from '../stacks/index.js';
import { discreteRun } from './discrete/simulate-discrete.js';
import { fluidRun } from './fluid/simulate-fluid.js';
import type { SimulateOptions } from './fluid/simulate-options.js';
import type { Load } from './load/load.js';
import { type AssumptionsInput, parseAssumptions } from './model/assumptions.js';
import { readSystem } from './model/read-system.js';
import type { SimulationResult } from './report/result.js';
import { finished, type Run } from './run-in-parts.js';

export interface SimulateEnvironmentOptions extends SimulateOptions {
  /** What differs from the defaults (sim/model/assumptions.ts). */
  readonly assume?: AssumptionsInput;
  /** In ticks, or request by request: slower, with the tails that come of chance. @default 'fluid' */
  readonly engine?: 'fluid' | 'discrete';
}

/**
 * What will become of an environment under a load: the same class, load and options give the same result, to the byte.
 * @throws {AssumptionsError} naming every assumption that cannot be
 * @throws {LoadError} if it would not end
 */
export function simulate(
  Environment: EnvironmentClass,
  load: Load,
  options: SimulateEnvironmentOptions = {},
): SimulationResult {
  return finished(simulation(Environment, load, options), options.onProgress);
}

/** The same part by part: yields the share that is done, and can be left. @throws as {@link simulate}, at its first step */
export function* simulation(
  Environment: EnvironmentClass,
  load: Load,
  { assume = {}, engine = 'fluid', ...options }: SimulateEnvironmentOptions = {},
): Run {
  const system = readSystem(Environment, { assumed: parseAssumptions(assume) });
  return yield* engine === 'fluid' ? fluidRun(system, load, options) : discreteRun(system, load, options);
}
