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

/** @param stepSeconds a part has whole steps, but for the last one's end: an engine counts delays in them */
export function* runInParts(engine: Engine, load: Load, warmupSeconds: number, parts: number, stepSeconds = 1): Run {
  const { durationSeconds } = load;
  const endOf = (part: number) =>
    part === parts ? durationSeconds : stepSeconds * Math.round((durationSeconds * part) / parts / stepSeconds);
  engine.run(-warmupSeconds, 0);
  engine.beginRecord();
  for (let part = 0; part < parts; part++) {
    engine.run(endOf(part), endOf(part + 1));
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
