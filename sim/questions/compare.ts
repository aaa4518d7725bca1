import type { EnvironmentClass } from '../../stacks/index.js';
import type { Load } from '../load/load.js';
import { count, duration, money, percent, table } from '../report/figures.js';
import type { SimulationResult } from '../report/result.js';
import { type SimulateEnvironmentOptions, simulate } from '../simulate.js';

/** Two environments under one load. */
export interface Comparison {
  readonly one: SimulationResult;
  readonly other: SimulationResult;
}

export function compare(
  One: EnvironmentClass,
  Other: EnvironmentClass,
  load: Load,
  options: SimulateEnvironmentOptions = {},
): Comparison {
  return { one: simulate(One, load, options), other: simulate(Other, load, options) };
}

/** Side by side: replicas, times, objectives, money. */
export function comparisonText({ one, other }: Comparison): string {
  const both = (name: string, of: (result: SimulationResult) => string) => [name, of(one), of(other)];
  const names = [...new Set([one, other].flatMap(({ workloads }) => workloads.map(({ name }) => name)))];
  const replicas = names.map((name) =>
    both(`${name}: mean and peak replicas`, ({ workloads }) => {
      const found = workloads.find((workload) => workload.name === name);
      return found ? `${found.meanReplicas.toFixed(1)} and ${found.peakReplicas}` : '-';
    }),
  );
  const slos = one.totals.slos.map(({ name, objective }) =>
    both(`SLO ${name} (${percent(objective, 1)})`, ({ totals }) => {
      const slo = totals.slos.find((found) => found.name === name);
      return slo ? `${percent(slo.ratio, 3)}${slo.met ? '' : ' MISSED'}` : '-';
    }),
  );
  const components = one.totals.cost.map(({ component }) =>
    both(`  ${component}`, ({ totals, durationSeconds }) => {
      const usd = totals.cost.find((line) => line.component === component)?.usd ?? 0;
      return money((usd * totals.monthlyUsd) / (totals.costUsd || durationSeconds));
    }),
  );
  return `${table([
    [`under ${one.load}`, one.environment, other.environment],
    ...replicas,
    both('answers: p50', ({ totals }) => duration(totals.answers.p50)),
    both('answers: p99', ({ totals }) => duration(totals.answers.p99)),
    both('failed requests', ({ totals }) => count(totals.failed)),
    ...slos,
    both('saturated', ({ saturations }) => [...new Set(saturations.map(({ what }) => what))].join(', ') || 'nothing'),
    both('nodes at most', ({ totals }) => String(totals.peakNodes)),
    both('a month of the same', ({ totals }) => money(totals.monthlyUsd)),
    ...components,
  ])}\n`;
}
