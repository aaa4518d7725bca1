import type { Load } from './load.js';
import { LoadError } from './load-error.js';
import { rangeAnswerIn } from './range-answer.js';

/**
 * A load as it was recorded: the answer of Prometheus to a range query of requests per second; of several series the sum is the load.
 * @throws {LoadError} naming what is missing, or the value that is none
 */
export function parsePrometheusLoad(text: string, source: string): Load {
  const wrong = (problem: string) => new LoadError(source, undefined, problem);
  const sums = new Map<number, number>();
  for (const { samples } of rangeAnswerIn(text, wrong)) {
    for (const { at, value } of samples) sums.set(at, (sums.get(at) ?? 0) + value);
  }
  const times = [...sums.keys()].sort((a, b) => a - b);
  const [first = 0, second] = times;
  const last = times.at(-1) ?? first;
  if (second === undefined) throw wrong('has one moment only; a trace needs two or more.');
  return {
    name: source,
    startSeconds: first % 86_400,
    durationSeconds: last - first + (second - first),
    points: times.map((at) => ({ atSeconds: at - first, rps: sums.get(at) ?? 0 })),
    between: 'step',
  };
}
