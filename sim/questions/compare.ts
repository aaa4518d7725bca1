import type { EnvironmentClass } from '../../stacks/index.js';
import type { Load } from '../load/load.js';
import { count, duration, money, percent, table } from '../report/figures.js';
import type { SimulationResult } from '../report/result.js';
import { type SimulateEnvironmentOptions, simulation } from '../simulate.js';

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
  const { steps, found } = comparing(One, Other, load, options);
  for (const share of steps) options.onProgress?.(share);
  return found() as Comparison;
}

/** The same, which can be looked at and left at any time: drive `steps`, which yield the share that is done, then ask for what is `found` so far. */
export function comparing(
  One: EnvironmentClass,
  Other: EnvironmentClass,
  load: Load,
  options: SimulateEnvironmentOptions = {},
): { readonly steps: Generator<number, void>; found(): Partial<Comparison> } {
  let found: Partial<Comparison> = {};
  function* halfOf(Environment: EnvironmentClass, before: number): Generator<number, SimulationResult> {
    const run = simulation(Environment, load, options);
    for (;;) {
      const { done, value } = run.next();
      if (done) return value;
      yield before + value / 2;
    }
  }
  function* steps(): Generator<number, void> {
    found = { one: yield* halfOf(One, 0) };
    found = { ...found, other: yield* halfOf(Other, 0.5) };
  }
  return { steps: steps(), found: () => found };
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
