import { llmRequestDuration } from '../../contract/index.js';
import { byLabel, type Counted, increaseOf } from './counted.js';

/** The calls of one model as they were measured. */
export interface FittedModel {
  readonly model: string;
  readonly calls: number;
  readonly meanSeconds: number;
  /** Of the calls' times: standard deviation by mean. */
  readonly cv: number;
}

export function fittedModels(counters: readonly Counted[]): readonly FittedModel[] {
  const part = (name: string, of: readonly Counted[]) =>
    of.filter((one) => one.name === `${llmRequestDuration.name}_${name}`);
  return [...byLabel('model', counters)].flatMap(([model, own]) => {
    const calls = increaseOf(part('count', own));
    if (calls <= 0) return [];
    return [{ model, calls, meanSeconds: increaseOf(part('sum', own)) / calls, cv: cvOf(part('bucket', own)) }];
  });
}

/** All calls together, each by its own model's mean. */
export function overallCv(models: readonly FittedModel[]): number {
  const calls = models.reduce((sum, one) => sum + one.calls, 0);
  return Math.sqrt(models.reduce((sum, one) => sum + (one.calls / calls) * one.cv ** 2, 0));
}

/** Times are taken to lie evenly within their bucket, and at the last bound beyond it. */
function cvOf(buckets: readonly Counted[]): number {
  const bounds = [...byLabel('le', buckets)]
    .map(([le, counters]) => ({
      bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      within: increaseOf(counters),
    }))
    .sort((a, b) => a.bound - b.bound);
  let [count, sum, squares, from, before] = [0, 0, 0, 0, 0];
  for (const { bound, within } of bounds) {
    const to = Number.isFinite(bound) ? bound : from;
    const here = within - before;
    count += here;
    sum += (here * (from + to)) / 2;
    squares += (here * (from ** 2 + from * to + to ** 2)) / 3;
    [from, before] = [to, within];
  }
  return sum > 0 ? Math.sqrt(Math.max(0, (squares * count) / sum ** 2 - 1)) : 0;
}
