import { expect, test } from '@jest/globals';
import { constantLoad } from './load/shapes.js';
import type { SimulationResult } from './report/result.js';
import { finished, runInParts } from './run-in-parts.js';

/** Where each part of a run begins and ends. */
function partsOf(durationSeconds: number, parts: number, stepSeconds: number): [number, number][] {
  const ran: [number, number][] = [];
  const engine = {
    run: (from: number, to: number) => ran.push([from, to]),
    beginRecord: () => {},
    result: () => ({}) as SimulationResult,
  };
  finished(runInParts(engine, constantLoad(1, durationSeconds), 900, parts, stepSeconds));
  return ran.slice(1);
}

// 720 s in a hundred parts had 800 ticks of 1 s, a hundred of them of 0.2 s: tasks came again after 54 s instead of 60.
test('parts have whole steps, one after the other, to the end', () => {
  for (const [duration, parts, step] of [
    [720, 100, 1],
    [86_400, 96, 7],
    [100, 100, 15],
    [61.5, 4, 1],
  ] as const) {
    const ran = partsOf(duration, parts, step);
    expect(ran.flat().filter((at) => at % step !== 0 && at !== duration)).toEqual([]);
    expect(ran.map(([from]) => from)).toEqual([0, ...ran.slice(0, -1).map(([, to]) => to)]);
    expect(ran.at(-1)?.[1]).toBe(duration);
  }
});
