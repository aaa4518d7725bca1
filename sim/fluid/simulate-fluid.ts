import type { Load } from '../load/load.js';
import { LoadError } from '../load/load-error.js';
import type { System } from '../model/system.js';
import type { SimulationResult } from '../report/result.js';
import { FluidEngine } from './fluid-engine.js';
import { type SimulateOptions, spanSeconds } from './simulate-options.js';

/** Two years in steps of 15 seconds: some minutes. More would not end while somebody waits. */
const MOST_STEPS = 4_250_000;

/** Runs a load through an environment in ticks: amounts instead of requests, the real autoscalers' controller beside them. @throws {LoadError} if it would not end */
export function simulateFluid(system: System, load: Load, options: SimulateOptions = {}): SimulationResult {
  const { tickSeconds = 1, warmupSeconds = 900, onProgress } = options;
  const steps = Math.ceil((warmupSeconds + load.durationSeconds) / tickSeconds);
  if (steps > MOST_STEPS) {
    const problem = `takes ${steps} steps of ${tickSeconds} s; ${MOST_STEPS} are the most. Fix: longer steps (--tick), or a shorter load.`;
    throw new LoadError(load.name, undefined, problem);
  }
  const everySeconds = spanSeconds(load, options);
  const engine = new FluidEngine(system, load, { ...options, tickSeconds, everySeconds });
  engine.run(-warmupSeconds, 0);
  engine.beginRecord();
  const parts = Math.min(100, Math.max(1, Math.floor(load.durationSeconds / everySeconds)));
  for (let part = 0; part < parts; part++) {
    engine.run((load.durationSeconds * part) / parts, (load.durationSeconds * (part + 1)) / parts);
    onProgress?.((part + 1) / parts);
  }
  return engine.result();
}
