import type { Load } from '../load/load.js';
import { LoadError } from '../load/load-error.js';
import type { System } from '../model/system.js';
import type { SimulationResult } from '../report/result.js';
import { finished, type Run, runInParts } from '../run-in-parts.js';
import { FluidEngine } from './fluid-engine.js';
import { type SimulateOptions, spanSeconds } from './simulate-options.js';

/** Two years in steps of 15 seconds: some minutes. More would not end while somebody waits. */
const MOST_STEPS = 4_250_000;

/** Runs a load through an environment in ticks: amounts instead of requests, the real autoscalers' controller beside them. @throws {LoadError} if it would not end */
export function simulateFluid(system: System, load: Load, options: SimulateOptions = {}): SimulationResult {
  return finished(fluidRun(system, load, options), options.onProgress);
}

/** The same, part by part. @throws {LoadError} at its first step, if it would not end */
export function* fluidRun(system: System, load: Load, options: SimulateOptions = {}): Run {
  const { tickSeconds = 1, warmupSeconds = 900 } = options;
  const steps = Math.ceil((warmupSeconds + load.durationSeconds) / tickSeconds);
  if (steps > MOST_STEPS) {
    const problem = `takes ${steps} steps of ${tickSeconds} s; ${MOST_STEPS} are the most. Fix: longer steps (--tick), or a shorter load.`;
    throw new LoadError(load.name, undefined, problem);
  }
  const everySeconds = spanSeconds(load, options);
  const engine = new FluidEngine(system, load, { ...options, tickSeconds, everySeconds });
  const parts = Math.min(100, Math.max(1, Math.floor(load.durationSeconds / everySeconds)));
  return yield* runInParts(engine, load, warmupSeconds, parts, tickSeconds);
}
