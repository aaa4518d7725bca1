import * as z from 'zod';

/** A day of UTC. */
const day = z.iso.date();

/** The days that are asked for. */
export const usageQuery = z.object({
  /** The first day. @default the first of this month */
  from: day.optional(),
  /** The last day, inclusive. @default today */
  to: day.optional(),
});

/** What one user spent on one day, on one model, for one feature. */
export const usageRow = z.object({
  day,
  feature: z.string(),
  model: z.string(),
  calls: z.int(),
  estimated_calls: z.int(),
  cache_hits: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number(),
  saved_usd: z.number(),
});
export type UsageRow = z.infer<typeof usageRow>;

export const usageReport = z.object({
  from: day,
  to: day,
  calls: z.int(),
  cost_usd: z.number(),
  saved_usd: z.number(),
  rows: z.array(usageRow),
  /** What the user is held to: alone, or with the tenant's other users. */
  budgets: z.array(
    z.object({
      of: z.enum(['user', 'tenant']),
      period: z.string(),
      limit_usd: z.number(),
      spent_usd: z.number(),
      spent_ratio: z.number(),
    }),
  ),
});
export type UsageReport = z.infer<typeof usageReport>;
