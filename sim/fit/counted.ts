import { httpRequestDuration, llmRequestDuration, processCpu, taskDuration } from '../../contract/index.js';
import { type RangeSeries, rangeAnswerIn } from '../load/range-answer.js';
import { FitError } from './fit-error.js';

const HISTOGRAMS = [httpRequestDuration.name, taskDuration.name];

/** Of model calls the buckets too: they tell how much the times vary. */
export const FITTED_SERIES = [
  ...HISTOGRAMS.flatMap((name) => [`${name}_count`, `${name}_sum`]),
  ...['count', 'sum', 'bucket'].map((part) => `${llmRequestDuration.name}_${part}`),
  processCpu.name,
] as const;

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
  // What was counted for the first time at the last moment has not grown yet.
  const grown = useful.filter(({ samples }) => samples.length > 1);
  if (grown.length === 0) {
    throw wrong(`${useful[0]?.labels.__name__} has one moment only; a counter needs two or more.`);
  }
  return grown.map((one) => ({
    name: one.labels.__name__ ?? '',
    labels: one.labels,
    increases: increasesOf(one),
  }));
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

/** By the value of a label. */
export function byLabel(label: string, counters: readonly Counted[]): ReadonlyMap<string, readonly Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const one of counters) {
    const value = one.labels[label] ?? '';
    groups.set(value, [...(groups.get(value) ?? []), one]);
  }
  return groups;
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
