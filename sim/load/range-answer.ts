import * as z from 'zod';

/** One series of a range query. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** In seconds since 1970, ascending. */
  readonly samples: readonly { readonly at: number; readonly value: number }[];
}

const matrix = z
  .array(
    z.object({
      metric: z.record(z.string(), z.string()).default({}),
      values: z.array(z.tuple([z.number(), z.string()])).min(1),
    }),
  )
  .min(1, 'holds no series: the query found nothing');

/** Prometheus answers over HTTP with the matrix in an envelope; `promtool query range -o json` writes the matrix alone. */
const envelope = z.object({ data: z.object({ resultType: z.literal('matrix'), result: matrix }) });

/**
 * What `/api/v1/query_range` or `promtool query range -o json` wrote.
 * @param wrong makes the error of what is wrong with it, in words that follow the file's name
 */
export function rangeAnswerIn(text: string, wrong: (problem: string) => Error): readonly RangeSeries[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw wrong('is not JSON.');
  }
  const { status, error } = (answer ?? {}) as { status?: unknown; error?: unknown };
  if (status === 'error') throw wrong(`is Prometheus's refusal: ${error ?? 'it gives no reason'}`);
  const isAlone = Array.isArray(answer);
  const parsed = isAlone ? matrix.safeParse(answer) : envelope.transform(({ data }) => data.result).safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues as [z.core.$ZodIssue];
    const place = issue.path.length > 0 ? `${issue.path.join('.')} ` : '';
    throw wrong(
      `is not Prometheus's answer to a range query: ${place}${issue.message}. Save that of /api/v1/query_range, or of promtool query range -o json.`,
    );
  }
  return parsed.data.map(({ metric, values }) => ({
    labels: metric,
    samples: values.map(([at, written], i) => {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
      if (!Number.isFinite(value) || value < 0)
        throw wrong(`has the value "${written}" at ${at}; it is a number from 0 up.`);
      if (at <= (values[i - 1]?.[0] ?? Number.NEGATIVE_INFINITY))
        throw wrong(`has ${at} at a place where a later time is due; times ascend.`);
      return { at, value };
    }),
  }));
}
