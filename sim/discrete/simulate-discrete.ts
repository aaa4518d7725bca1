import { type SimulateOptions, spanSeconds } from '../fluid/simulate-options.js';
import { type Load, requestsOf } from '../load/load.js';
import { LoadError } from '../load/load-error.js';
import type { System } from '../model/system.js';
import type { SimulationResult } from '../report/result.js';
import { DiscreteEngine } from './discrete-engine.js';

/** Some minutes. More would not end while somebody waits. */
const MOST_REQUESTS = 50_000_000;

/**
 * Runs a load through an environment request by request: slower than in ticks, and with the tails that come of chance. The cluster beneath it is
 * the same. `tickSeconds` is not used.
 * @throws {LoadError} if it would not end
 */
export function simulateDiscrete(system: System, load: Load, options: SimulateOptions = {}): SimulationResult {
  const { warmupSeconds = 900, onProgress } = options;
  const requests = warmupSeconds * (load.points[0]?.rps ?? 0) + requestsOf(load);
  if (requests > MOST_REQUESTS) {
    const problem = `has ${Math.ceil(requests)} requests, its settling included; request by request ${MOST_REQUESTS} are the most. Fix: a lower or shorter load, or --engine fluid.`;
    throw new LoadError(load.name, undefined, problem);
  }
  const engine = new DiscreteEngine(system, load, { ...options, everySeconds: spanSeconds(load, options) });
  engine.run(-warmupSeconds, 0);
  engine.beginRecord();
  for (let part = 0; part < 100; part++) {
    engine.run((load.durationSeconds * part) / 100, (load.durationSeconds * (part + 1)) / 100);
    onProgress?.((part + 1) / 100);
  }
  return engine.result();
}
