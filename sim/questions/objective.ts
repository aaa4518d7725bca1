import type { System } from '../model/system.js';
import { duration } from '../report/figures.js';
import type { Quantiles, SimulationResult } from '../report/result.js';

/** What a result must keep: a quantile of all answers, or of one workload's. */
export interface Objective {
  /** Undefined for the answers as the user sees them. */
  readonly workload?: string | undefined;
  readonly quantile: keyof Quantiles;
  readonly seconds: number;
}

/** How an objective is written. */
export const OBJECTIVE_FORM = 'p99=2s or chat.p99=300ms';

/** An objective that is none. */
export class ObjectiveError extends Error {
  override readonly name = 'ObjectiveError';
  constructor(
    readonly text: string,
    problem = `is no objective: write ${OBJECTIVE_FORM}; there are p50, p95 and p99.`,
  ) {
    super(`"${text}" ${problem}`);
  }
}

/** @throws {ObjectiveError} */
export function parseObjective(text: string): Objective {
  const [, workload, quantile, number, unit] =
    /^(?:([a-z][a-z0-9-]*)\.)?(p50|p95|p99)=(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const seconds = Number(number) / (unit === 'ms' ? 1000 : 1);
  if (quantile === undefined || seconds === 0) throw new ObjectiveError(text);
  return { workload, quantile: quantile as keyof Quantiles, seconds };
}

/** @throws {ObjectiveError} for a workload that the environment has not */
export function holdToWorkloads(objectives: readonly Objective[], { environment, workloads }: System): void {
  const names = workloads.map(({ name }) => name);
  for (const { workload } of objectives) {
    if (workload === undefined || names.includes(workload)) continue;
    throw new ObjectiveError(workload, `is no workload of ${environment}; there are ${names.join(', ')}.`);
  }
}

/** What of a result is not as it should be, in words, the first to give way first; nothing if all is well. */
export function shortcomings(result: SimulationResult, objectives: readonly Objective[] = []): readonly string[] {
  const { totals, saturations, workloads } = result;
  return [
    ...[...saturations]
      .sort((a, b) => a.sinceSeconds - b.sinceSeconds)
      .map(({ what, why }) => `${what} is saturated: ${why}`),
    ...totals.slos
      .filter(({ met }) => !met)
      .map(({ name, ratio, objective }) => `${name}: ${(ratio * 100).toFixed(2)} % of ${objective * 100} %`),
    ...objectives.flatMap(({ workload, quantile, seconds }) => {
      const times = workload === undefined ? totals.answers : workloads.find(({ name }) => name === workload);
      if (!times) return [`there is no workload "${workload}"`];
      const found = times[quantile];
      return found > seconds
        ? [`${workload ?? 'answers'}: ${quantile} ${duration(found)}, above ${duration(seconds)}`]
        : [];
    }),
  ];
}

/** How much of what is allowed a result uses, of the objective that it strains most: above 1 there is a shortcoming. */
export function strainOf(result: SimulationResult, objectives: readonly Objective[] = []): number {
  const { totals, saturations, workloads, durationSeconds } = result;
  const saturated = saturations.reduce((sum, { sinceSeconds, untilSeconds }) => sum + untilSeconds - sinceSeconds, 0);
  return Math.max(
    saturations.length > 0 ? 1 + saturated / durationSeconds : 0,
    ...totals.slos.map(({ ratio, objective }) => (1 - ratio) / (1 - objective)),
    ...objectives.map(({ workload, quantile, seconds }) => {
      const times = workload === undefined ? totals.answers : workloads.find(({ name }) => name === workload);
      return (times?.[quantile] ?? Number.POSITIVE_INFINITY) / seconds;
    }),
  );
}
