import { type SimulateOptions, spanSeconds } from '../fluid/simulate-options.js';
import { type Load, requestsOf } from '../load/load.js';
import { LoadError } from '../load/load-error.js';
import type { System } from '../model/system.js';
import type { SimulationResult } from '../report/result.js';
import { finished, type Run, runInParts } from '../run-in-parts.js';
import { DiscreteEngine } from './discrete-engine.js';

/** Some minutes. More would not end while somebody waits. */
const MOST_REQUESTS = 50_000_000;

/**
 * Runs a load through an environment request by request: slower than in ticks, and with the tails that come of chance. The cluster beneath it is
 * the same. `tickSeconds` is not used.
 * @throws {LoadError} if it would not end
 */
export function simulateDiscrete(system: System, load: Load, options: SimulateOptions = {}): SimulationResult {
  return finished(discreteRun(system, load, options), options.onProgress);
}

/** The same, part by part. @throws {LoadError} at its first step, if it would not end */
export function* discreteRun(system: System, load: Load, options: SimulateOptions = {}): Run {
  const { warmupSeconds = 900 } = options;
  const requests = requestsWithSettling(load, warmupSeconds);
  if (requests > MOST_REQUESTS) {
    const problem = `has ${Math.ceil(requests)} requests, its settling included; request by request ${MOST_REQUESTS} are the most. Fix: a lower or shorter load, or --engine fluid.`;
    throw new LoadError(load.name, undefined, problem);
  }
  const engine = new DiscreteEngine(system, load, { ...options, everySeconds: spanSeconds(load, options) });
  return yield* runInParts(engine, load, warmupSeconds, 100);
}

/** All that are followed: before the load begins its first rate lasts for the settling. */
export function requestsWithSettling(load: Load, warmupSeconds = 900): number {
  return warmupSeconds * (load.points[0]?.rps ?? 0) + requestsOf(load);
}
