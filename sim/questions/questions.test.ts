import { describe, expect, test } from '@jest/globals';
import { Dev, Production, Staging } from '../../stacks/index.js';
import { constantLoad, spikeLoad } from '../load/shapes.js';
import { capacity } from './capacity.js';
import { compare, comparisonText } from './compare.js';
import { monthlyCost, monthlyCostText } from './monthly-cost.js';
import { ObjectiveError, parseObjective, shortcomings } from './objective.js';

const quick = { tickSeconds: 5, totalsOnly: true } as const;

test('two environments stand side by side, and the smaller one gives way where the larger does not', () => {
  const comparison = compare(Staging, Production, spikeLoad(5, 30), quick);
  const text = comparisonText(comparison);
  expect(text).toMatch(/^saturated +worker +nothing$/m);
  expect(text).toMatch(/^worker: mean and peak replicas +[\d.]+ and 10 +[\d.]+ and \d+$/m);
  expect(comparison.other.totals.peakNodes).toBeGreaterThan(comparison.one.totals.peakNodes);
});

describe('the monthly cost', () => {
  const cost = monthlyCost(Production, constantLoad(2, 900));

  test('is lowest at the floors, without a token, and highest at the ceilings', () => {
    expect(cost.floor).toBeLessThan(cost.expected);
    expect(cost.expected).toBeLessThan(cost.ceiling);
    const models = cost.components.find(({ component }) => component === 'models');
    expect(models?.floor).toBe(0);
    // A month of two questions a second, of which 15 % were answered before.
    const calls = 2 * 0.85 * 730 * 3600;
    expect((models?.expected ?? 0) / calls).toBeGreaterThan(0.0015);
    expect((models?.expected ?? 0) / calls).toBeLessThan(0.03);
    for (const bound of ['floor', 'expected', 'ceiling'] as const) {
      expect(cost.components.reduce((sum, line) => sum + line[bound], 0)).toBeCloseTo(cost[bound], 3);
    }
  });

  test('names its day and the prices that nobody has compared', () => {
    const text = monthlyCostText([cost]);
    expect(text).toMatch(/^\$ a month +production, floor +production, expected +production, ceiling$/m);
    expect(text).toMatch(/^prices as of \d{4}-\d\d-\d\d; unverified: m6i\.xlarge/m);
  });
});

test('the capacity is a load that is borne, and what gives way just above it is named', () => {
  const { rps, at, breaksFirst } = capacity(Dev);
  // One worker of four slots, each task a little under two seconds.
  expect(rps).toBeGreaterThan(1.5);
  expect(rps).toBeLessThan(3.5);
  expect(at && shortcomings(at)).toEqual([]);
  expect(breaksFirst[0]).toMatch(/^worker is saturated: 1 replica,/);
});

test('an objective of a workload that there is not is refused, and those that there are are named', () => {
  const objectives = [parseObjective('nobody.p99=1s')];
  expect(() => capacity(Dev, { objectives })).toThrow(/^"nobody" is no workload of dev; there are gateway, chat, /);
});

test('an objective is read, and what misses it is told', () => {
  expect(parseObjective('p99=2s')).toEqual({ workload: undefined, quantile: 'p99', seconds: 2 });
  expect(parseObjective('chat-v2.p95=300ms')).toEqual({ workload: 'chat-v2', quantile: 'p95', seconds: 0.3 });
  for (const text of ['p98=2s', 'p99=2', 'p99<2s', '']) expect(() => parseObjective(text)).toThrow(ObjectiveError);
  const { one } = compare(Dev, Dev, constantLoad(1, 900), quick);
  expect(
    shortcomings(one, [parseObjective('p50=1s'), parseObjective('nobody.p50=1s'), parseObjective('chat.p99=1s')]),
  ).toEqual([expect.stringMatching(/^answers: p50 [\d.]+ s, above 1 s$/), 'there is no workload "nobody"']);
});
