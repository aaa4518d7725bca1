import { describe, expect, test } from '@jest/globals';
import { Local, Production } from '../../stacks/index.js';
import { simulateFluid } from '../fluid/simulate-fluid.js';
import { requestsOf } from '../load/load.js';
import { LoadError } from '../load/load-error.js';
import { constantLoad, spikeLoad, stepLoad } from '../load/shapes.js';
import { parseAssumptions } from '../model/assumptions.js';
import { readSystem } from '../model/read-system.js';
import { CLOSED_FORMS, deviation } from './closed-forms.js';
import { EventHeap } from './event-heap.js';
import { ServerLine } from './server-line.js';
import { simulateDiscrete } from './simulate-discrete.js';

test.each(CLOSED_FORMS.map((form) => [form.name, form] as const))(
  '%s: the mean wait is the formula’s, as near as so few requests can be (bench/sim.ts: within 1 %%)',
  (_name, form) => {
    expect(deviation(form, 500_000, 1)).toBeLessThan(0.02);
  },
);

test('events come in the order of their times, and of their making where two are at once', () => {
  const heap = new EventHeap();
  const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1013);
  for (const [i, time] of times.entries()) heap.push(time, 0, i);
  const taken: [number, number][] = [];
  while (heap.pop()) taken.push([heap.time, heap.item]);
  expect(taken).toEqual(times.map((time, i): [number, number] => [time, i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]));
});

test('a line whose servers become fewer serves nobody new until enough have finished', () => {
  const line = new ServerLine(2);
  expect([line.arrive(1), line.arrive(2), line.arrive(3)]).toEqual([true, true, false]);
  line.servers = 1;
  line.finish();
  expect(line.next()).toBe(-1);
  line.finish();
  expect(line.next()).toBe(3);
});

describe('request by request', () => {
  const system = readSystem(Production);
  const load = constantLoad(10, 1.5 * 3600);

  test('replicas and throughput are within 5 % of those in ticks', () => {
    const means = [simulateFluid, simulateDiscrete].map((run) => {
      const results = [1, 2].map((seed) => run(system, load, { seed, totalsOnly: true }));
      const workers = results.flatMap(({ workloads }) => workloads.filter(({ name }) => name === 'worker'));
      const mean = (of: (one: (typeof workers)[number]) => number) =>
        workers.reduce((sum, one) => sum + of(one), 0) / workers.length;
      return { replicas: mean(({ meanReplicas }) => meanReplicas), served: mean(({ served }) => served) };
    });
    const [ticks, requests] = means;
    expect(Math.abs((ticks?.replicas ?? 0) / (requests?.replicas ?? 1) - 1)).toBeLessThan(0.05);
    expect(Math.abs((ticks?.served ?? 0) / (requests?.served ?? 1) - 1)).toBeLessThan(0.05);
  });

  // The tasks of one tick were taken for a rate that stays: of three workers at five requests/s that made 20 s.
  test('the p99 of answers behind a short line before few workers is within a fifth of that in ticks', () => {
    const [ticks, requests] = [simulateFluid, simulateDiscrete].map(
      (run) => run(system, constantLoad(5, 3600), { totalsOnly: true }).totals.answers.p99,
    );
    expect(Math.abs((ticks ?? 0) / (requests ?? 1) - 1)).toBeLessThan(0.2);
  });

  test('the same seed gives the same result, to the byte, and another seed another', () => {
    const run = (seed: number) => JSON.stringify(simulateDiscrete(system, constantLoad(5, 300), { seed }));
    expect(run(7)).toBe(run(7));
    expect(run(8)).not.toBe(run(7));
  });

  // It was let in as soon as the one before it had come, held a thread until its own time, and counted from then.
  test('a request begins when it comes: its answer takes no less than its task', () => {
    const { totals, workloads } = simulateDiscrete(readSystem(Local), constantLoad(1, 3600), { warmupSeconds: 1 });
    const task = workloads.find(({ name }) => name === 'worker');
    expect(totals.answers.p50).toBeGreaterThanOrEqual(task?.p50 ?? Number.NaN);
  });

  test('services of one process wait for one thread, others each for its own', () => {
    const kinds = { chat: 0, completion: 0, retrieval: 1, agent: 0 };
    const assumed = parseAssumptions({ requests: { kinds } });
    const { gateway, rag, embed } = assumed.services;
    const cpuMs = gateway.cpuMs + rag.cpuMs + (1 - assumed.caches.retrievalHits) * embed.cpuMs;
    const local = readSystem(Local, { assumed });
    // A tenth more than one thread can do, and none of the three is near that by itself.
    const load = constantLoad(1100 / cpuMs, 120);
    const [own, shared] = [false, true].map((oneProcess) => {
      const { totals, workloads } = simulateDiscrete({ ...local, oneProcess }, load, { warmupSeconds: 1 });
      return { served: workloads.find(({ name }) => name === 'rag')?.served ?? 0, p50: totals.answers.p50 };
    });
    expect(own?.p50).toBeLessThan(0.2);
    expect(shared?.p50).toBeGreaterThan(1);
    expect((shared?.served ?? 0) / (own?.served ?? 1)).toBeCloseTo(1 / 1.1, 1);
  });

  test('more than it can serve ends too, with a line that is told', () => {
    const result = simulateDiscrete(readSystem(Local), constantLoad(100, 600), { warmupSeconds: 60 });
    expect(result.saturations.length).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toMatch(/null|NaN/);
  });

  test('more requests than can be run one by one are refused at once, with what can be done', () => {
    const endless = stepLoad(0, 1e9, 900);
    expect(requestsOf(endless)).toBeCloseTo(6e11, -3);
    expect(() => simulateDiscrete(system, endless)).toThrow(LoadError);
    expect(() => simulateDiscrete(system, endless)).toThrow(
      /^step from 0 to 1000000000 requests\/s: has 600000000000 requests.*50000000 are the most\. Fix: .*--engine fluid/,
    );
    expect(requestsOf(spikeLoad(0, 60, 3600))).toBeCloseTo(60 * (300 + 60), 3);
  });
});
