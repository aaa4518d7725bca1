import { type SimulateOptions, spanSeconds } from '../fluid/simulate-options.js';
import type { Load } from '../load/load.js';
import type { System } from '../model/system.js';
import type { SimulationResult } from '../report/result.js';
import { DiscreteEngine } from './discrete-engine.js';

/**
 * Runs a load through an environment request by request: slower than in ticks, and with the tails that come of chance. The cluster beneath it is
 * the same. `tickSeconds` is not used.
 */
export function simulateDiscrete(system: System, load: Load, options: SimulateOptions = {}): SimulationResult {
  const { warmupSeconds = 900, onProgress } = options;
  const engine = new DiscreteEngine(system, load, { ...options, everySeconds: spanSeconds(load, options) });
  engine.run(-warmupSeconds, 0);
  engine.beginRecord();
  for (let part = 0; part < 100; part++) {
    engine.run((load.durationSeconds * part) / 100, (load.durationSeconds * (part + 1)) / 100);
    onProgress?.((part + 1) / 100);
  }
  return engine.result();
}
