import type { EnvironmentClass } from '../../stacks/index.js';
import type { Component, PriceGap } from '../cost/cost-lines.js';
import { PRICES_AS_OF } from '../cost/prices.js';
import { simulateFluid } from '../fluid/simulate-fluid.js';
import type { Load } from '../load/load.js';
import { constantLoad } from '../load/shapes.js';
import { type AssumptionsInput, parseAssumptions } from '../model/assumptions.js';
import { readSystem } from '../model/read-system.js';
import type { System } from '../model/system.js';
import { money, table } from '../report/figures.js';
import type { SimulationResult } from '../report/result.js';

/** What an environment costs in a month, in dollars. */
export interface MonthlyCost {
  readonly environment: string;
  /** Of the expected case. */
  readonly load: string;
  readonly components: readonly {
    readonly component: Component;
    readonly floor: number;
    readonly expected: number;
    readonly ceiling: number;
  }[];
  readonly floor: number;
  readonly expected: number;
  readonly ceiling: number;
  readonly pricesAsOf: string;
  readonly unverifiedPrices: readonly PriceGap[];
}

/** More than any ceiling can serve: what the ceiling does then is the most that it can cost. */
const FLOOD_RPS = 100_000;

/**
 * At the autoscalers' floors with nothing to do, under a load, and at all ceilings with more to do than they can: the last is the most
 * that can be spent, tokens included.
 */
export function monthlyCost(Environment: EnvironmentClass, load: Load, assume: AssumptionsInput = {}): MonthlyCost {
  const system = readSystem(Environment, { assumed: parseAssumptions(assume) });
  const still = { totalsOnly: true, tickSeconds: 5 } as const;
  const floor = simulateFluid(fixedAt(system, 'minReplicas'), constantLoad(0), still);
  const expected = simulateFluid(system, load, { totalsOnly: true, tickSeconds: load.durationSeconds > 7200 ? 5 : 1 });
  const ceiling = simulateFluid(fixedAt(system, 'maxReplicas'), constantLoad(FLOOD_RPS), {
    ...still,
    warmupSeconds: 300,
  });
  const monthly = ({ totals }: SimulationResult, at: number) =>
    ((totals.cost[at]?.usd ?? 0) * totals.monthlyUsd) / (totals.costUsd || 1);
  return {
    ...{ environment: system.environment, load: load.name },
    components: expected.totals.cost.map(({ component }, i) => ({
      component,
      floor: monthly(floor, i),
      expected: monthly(expected, i),
      ceiling: monthly(ceiling, i),
    })),
    floor: floor.totals.monthlyUsd,
    expected: expected.totals.monthlyUsd,
    ceiling: ceiling.totals.monthlyUsd,
    ...{ pricesAsOf: PRICES_AS_OF, unverifiedPrices: expected.unverifiedPrices },
  };
}

/** Every workload at one of its bounds, with nobody to change it. */
function fixedAt(system: System, bound: 'minReplicas' | 'maxReplicas'): System {
  const workloads = system.workloads.map(({ autoscaler, ...model }) => ({
    ...model,
    replicas: autoscaler?.spec[bound] ?? model.replicas,
  }));
  return { ...system, workloads };
}

/** One environment, or two beside each other. */
export function monthlyCostText(costs: readonly MonthlyCost[]): string {
  const cases = ['floor', 'expected', 'ceiling'] as const;
  const [first] = costs;
  if (!first) return '';
  const unverified = [...new Set(costs.flatMap(({ unverifiedPrices }) => unverifiedPrices.map(({ item }) => item)))];
  return [
    table([
      ['$ a month', ...costs.flatMap(({ environment }) => cases.map((one) => `${environment}, ${one}`))],
      ...first.components.map(({ component }) => [
        component,
        ...costs.flatMap(({ components }) =>
          cases.map((one) => money(components.find((line) => line.component === component)?.[one] ?? 0)),
        ),
      ]),
      ['all', ...costs.flatMap((cost) => cases.map((one) => money(cost[one])))],
    ]),
    `floor: no request; expected: ${first.load}; ceiling: every workload at its most, with more to do than it can`,
    `prices as of ${first.pricesAsOf}${unverified.length > 0 ? `; unverified: ${unverified.join('; ')}` : ''}`,
    '',
  ].join('\n');
}
