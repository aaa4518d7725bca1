import * as z from 'zod';
import type { Load } from './load.js';
import { LoadError } from './load-error.js';

/** What Prometheus answers to `/api/v1/query_range`; of several series the sum is the load. */
const rangeAnswer = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])).min(1) })).min(1),
  }),
});

/**
 * A load as it was recorded: the answer of Prometheus to a range query of requests per second.
 * @throws {LoadError} naming what is missing, or the value that is none
 */
export function parsePrometheusLoad(text: string, source: string): Load {
  const sums = new Map<number, number>();
  for (const { values } of answerIn(text, source).data.result) {
    for (const [at, value] of values) {
      const rps = Number(value);
      if (!Number.isFinite(rps) || rps < 0) {
        throw new LoadError(source, undefined, `has the value "${value}" at ${at}; a rate is a number from 0 up.`);
      }
      sums.set(at, (sums.get(at) ?? 0) + rps);
    }
  }
  const times = [...sums.keys()].sort((a, b) => a - b);
  const [first = 0, second] = times;
  const last = times.at(-1) ?? first;
  if (second === undefined) throw new LoadError(source, undefined, 'has one moment only; a trace needs two or more.');
  return {
    name: source,
    startSeconds: first % 86_400,
    durationSeconds: last - first + (second - first),
    points: times.map((at) => ({ atSeconds: at - first, rps: sums.get(at) ?? 0 })),
    between: 'step',
  };
}

function answerIn(text: string, source: string): z.infer<typeof rangeAnswer> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LoadError(source, undefined, 'is not JSON.');
  }
  const parsed = rangeAnswer.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LoadError(
    source,
    undefined,
    `is not Prometheus's answer to a range query: ${issue?.path.join('.')} ${issue?.message}. Save that of /api/v1/query_range.`,
  );
}
