import * as z from 'zod';

/** An error, as every route tells it (`app/runtime/errors.ts`). */
const errorBody = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable(),
    details: z.unknown().optional(),
  }),
});

interface Refusals {
  /** It takes a body, which may be wrong, too large or of another media type. */
  readonly body?: boolean;
  /** It counts against the caller's limits. */
  readonly limited?: boolean;
  /** It names something that may not be there. */
  readonly notFound?: boolean;
  /** It contradicts what was said before, or waits for work that its owner may cancel meanwhile. */
  readonly conflict?: boolean;
}

/** An answer in JSON, or in other media types. */
type Answer = z.ZodType | { readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>> };

/** An answer that comes in each of these media types, whatever of them it is. */
export function answerAs(mediaTypes: readonly string[], schema: z.ZodType): Answer {
  return { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) };
}

/** Every answer of a public route by its status, for the API's description: what it answers, and how it refuses. */
export function answersOf(
  answers: Readonly<Record<number, Answer>>,
  { body = false, limited = false, notFound = false, conflict = false }: Refusals = {},
): Record<string, Answer> {
  const statuses = [
    ...[400, 401, ...(notFound ? [404] : []), ...(conflict ? [409] : [])],
    ...[...(body ? [413, 415] : []), ...(limited ? [429] : [])],
  ];
  return {
    ...answers,
    ...Object.fromEntries(statuses.map((status) => [status, errorBody])),
    // Failures of ours, and what is the same for every path.
    default: errorBody,
  };
}
