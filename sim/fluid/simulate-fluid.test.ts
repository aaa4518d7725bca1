import { describe, expect, test } from '@jest/globals';
import type { EnvironmentClass } from '../../stacks/index.js';
import { Local, Production, production, Scaling } from '../../stacks/index.js';
import { constantLoad, diurnalLoad, stepLoad } from '../load/shapes.js';
import { parseAssumptions } from '../model/assumptions.js';
import { readSystem } from '../model/read-system.js';
import type { SimulationResult } from '../report/result.js';
import { simulateFluid } from './simulate-fluid.js';

const system = readSystem(Production);
const of = (result: SimulationResult, name: string) => {
  const found = result.workloads.find((one) => one.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
};

/** Every number of a result, wherever it stands. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('a run of production', () => {
  const load = stepLoad(10, 60, 3600);
  const result = simulateFluid(system, load);

  test('answers all that comes in, at the cost of as many workers as tasks are in hand', () => {
    const { requests, failed, tasks, tasksDead } = result.totals;
    expect(requests).toBeCloseTo(10 * 1200 + 60 * 2400, 3);
    // Tasks come by chance: within four standard deviations.
    expect(Math.abs(tasks - requests)).toBeLessThan(4 * Math.sqrt(requests));
    expect([Math.round(failed), Math.round(tasksDead)]).toEqual([0, 0]);
    expect(result.saturations).toEqual([]);
    // Little: 60 tasks a second of 1.7 s in slots of four.
    expect(of(result, 'worker').peakReplicas).toBeGreaterThanOrEqual((60 * 1.6) / 4);
    expect(of(result, 'chat').meanReplicas).toBe(3);
  });

  test('is the same to the byte, and holds no NaN', () => {
    expect(JSON.stringify(simulateFluid(readSystem(Production), load))).toBe(JSON.stringify(result));
    expect(numbersIn(result).every(Number.isFinite)).toBe(true);
  });

  test('reads the autoscaler that was synthesised', () => {
    class Smaller extends Production {
      constructor(scope: ConstructorParameters<EnvironmentClass>[0]) {
        super(scope, { ...production, scaling: Scaling.autoscaled({ maxReplicas: 12 }) });
      }
    }
    const smaller = simulateFluid(readSystem(Smaller), load);
    expect(of(smaller, 'worker')).toMatchObject({ ceiling: 12, peakReplicas: 12 });
    expect(smaller.saturations).toMatchObject([{ what: 'worker' }]);
    expect(smaller.saturations[0]?.why).toMatch(/^12 replicas, the most it may have; [\d,]+ wait$/);
    expect(smaller.saturations[0]?.sinceSeconds).toBeGreaterThanOrEqual(1200);
  });

  test('pods start on nodes that must come first, and the nodes go when they are not needed', () => {
    const { nodes } = simulateFluid(system, stepLoad(100, 5, 2 * 3600));
    expect(nodes[0]).toBeGreaterThan(nodes.at(-1) ?? 0);
  });
});

test('a load that no capacity can serve is said to be one, and ends', () => {
  const result = simulateFluid(system, constantLoad(100_000, 1800));
  expect(result.saturations.map(({ what }) => what)).toContain('gateway');
  expect(result.totals.failed).toBeGreaterThan(0);
  expect(result.totals.slos.find(({ name }) => name === 'gateway-availability')?.met).toBe(false);
  expect(numbersIn(result).every(Number.isFinite)).toBe(true);
});

test('a load of more steps than end while somebody waits is refused at once', () => {
  expect(() => simulateFluid(system, constantLoad(1, 366 * 86_400))).toThrow(
    /^constant 1 requests\/s: takes 31623300 steps of 1 s; 4250000 are the most\. Fix: longer steps \(--tick\)/,
  );
});

test('no load at all costs the floors and divides by nothing', () => {
  const result = simulateFluid(system, constantLoad(0, 1800));
  expect(numbersIn(result).every(Number.isFinite)).toBe(true);
  expect(of(result, 'worker')).toMatchObject({ peakReplicas: 3, p99: 0 });
  expect(result.totals.costUsd).toBeGreaterThan(0);
});

test('an environment without autoscalers is run with the replicas that it states', () => {
  const result = simulateFluid(readSystem(Local), constantLoad(2, 1800));
  expect(result.workloads.map(({ peakReplicas }) => peakReplicas)).toEqual(result.workloads.map(() => 1));
  expect(result.totals).toMatchObject({ savingAgainstPeak: 0, modelCalls: { 'local-extractive': expect.any(Number) } });
  expect(result.syncs).toBeGreaterThan(0);
});

test('a provider that grants too little is named, and its tasks come again', () => {
  const assumed = parseAssumptions({
    models: { providerRequestsPerMinute: { openai: 60, anthropic: 60 } },
    caches: { answerHits: 0 },
  });
  const result = simulateFluid(readSystem(Production, { assumed }), constantLoad(20, 1800));
  expect(result.saturations.map(({ what }) => what)).toContain('model providers');
  expect(result.totals.tasksRetried).toBeGreaterThan(0);
  expect(result.totals.tasksDead).toBeGreaterThan(0);
});

test('totals only are the same totals, in a size that does not depend on the duration', () => {
  const load = diurnalLoad(5, 20, 3600);
  const whole = simulateFluid(system, load);
  const totals = simulateFluid(system, load, { totalsOnly: true });
  expect(totals.totals).toEqual(whole.totals);
  const longer = simulateFluid(system, diurnalLoad(5, 20, 4 * 3600), { totalsOnly: true, tickSeconds: 5 });
  expect(JSON.stringify(longer).length).toBeLessThan(1.1 * JSON.stringify(totals).length);
});

test('slots that are all taken for moments are no saturation, however long a span of the record is', () => {
  // Of a span of five minutes only its last moment was looked at: a load that is borne was told as saturated twenty times.
  const options = { totalsOnly: true, tickSeconds: 15, everySeconds: 300 };
  expect(simulateFluid(system, constantLoad(20, 12 * 3600), options).saturations).toEqual([]);
});
