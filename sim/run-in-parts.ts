import type { Load } from './load/load.js';
import type { SimulationResult } from './report/result.js';

/** What both engines are, seen from outside: time goes on, from some moment on it is recorded, and at the end there is a result. */
export interface Engine {
  /** Both in seconds of the load; the settling is before 0. */
  run(from: number, to: number): void;
  /** From here on what happens is told; what was before was the settling. */
  beginRecord(): void;
  result(): SimulationResult;
}

/** A run that gives way after each part: yields the share that is done, so that whoever waits can look up, or leave. */
export type Run = Generator<number, SimulationResult>;

export function* runInParts(engine: Engine, load: Load, warmupSeconds: number, parts: number): Run {
  const { durationSeconds } = load;
  engine.run(-warmupSeconds, 0);
  engine.beginRecord();
  for (let part = 0; part < parts; part++) {
    engine.run((durationSeconds * part) / parts, (durationSeconds * (part + 1)) / parts);
    yield (part + 1) / parts;
  }
  return engine.result();
}

/** The whole run at once. */
export function finished(run: Run, onProgress?: (share: number) => void): SimulationResult {
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
    onProgress?.(value);
  }
}
