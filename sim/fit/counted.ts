import { httpRequestDuration, taskDuration } from '../../contract/index.js';
import { type RangeSeries, rangeAnswerIn } from '../load/range-answer.js';
import { FitError } from './fit-error.js';

/** CPU is the kubelet's to tell (cAdvisor), not the application's. */
export const CPU_SECONDS = 'container_cpu_usage_seconds_total';

const HISTOGRAMS = [httpRequestDuration.name, taskDuration.name];
export const FITTED_SERIES = [...HISTOGRAMS.flatMap((name) => [`${name}_count`, `${name}_sum`]), CPU_SECONDS] as const;

/** A counter of one pod, by what it grew in each step of the export. */
export interface Counted {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly increases: readonly { readonly from: number; readonly to: number; readonly by: number }[];
}

/**
 * The counters of one export that something can be fitted from; others are left alone.
 * @throws {FitError} naming what is wrong with the file
 */
export function countedIn(text: string, source: string): readonly Counted[] {
  const wrong = (problem: string) => new FitError(source, problem);
  const series = rangeAnswerIn(text, wrong);
  const nameless = series.findIndex(({ labels }) => labels.__name__ === undefined);
  if (nameless >= 0) {
    throw wrong(`series ${nameless + 1} has no __name__: export the counters themselves, not an expression over them.`);
  }
  const useful = series.filter(({ labels }) => FITTED_SERIES.some((name) => name === labels.__name__));
  if (useful.length === 0) throw wrong(`holds none of ${FITTED_SERIES.join(', ')}.`);
  return useful.map((one) => {
    if (one.samples.length < 2) throw wrong(`${one.labels.__name__} has one moment only; a counter needs two or more.`);
    return { name: one.labels.__name__ ?? '', labels: one.labels, increases: increasesOf(one) };
  });
}

/** A counter that is lower than before began anew: its pod was restarted. */
function increasesOf({ samples }: RangeSeries): Counted['increases'] {
  return samples.slice(1).map(({ at, value }, i) => {
    const before = samples[i] as (typeof samples)[number];
    return { from: before.at, to: at, by: value >= before.value ? value - before.value : value };
  });
}

export function increaseOf(counters: readonly Counted[]): number {
  return counters.reduce((sum, { increases }) => sum + increases.reduce((all, { by }) => all + by, 0), 0);
}

/** From the first moment to the last of any of them. */
export function secondsOf(counters: readonly Counted[]): number {
  const times = counters.flatMap(({ increases }) => increases.flatMap(({ from, to }) => [from, to]));
  return times.reduce((a, b) => Math.max(a, b), 0) - times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

/** What grew in each step, all counters together, by the step's end. */
export function byStep(counters: readonly Counted[]): ReadonlyMap<number, number> {
  const steps = new Map<number, number>();
  for (const { increases } of counters) for (const { to, by } of increases) steps.set(to, (steps.get(to) ?? 0) + by);
  return steps;
}
