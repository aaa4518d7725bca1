import * as z from 'zod';

/** Days and months of UTC. */
export const BUDGET_PERIODS = ['day', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** In a budget: each tenant, or each user, by itself. */
export const EVERYONE = '*';

/** What may be spent in a period. Without `user`, a tenant's users together. A budget that names somebody replaces that of {@link EVERYONE}. */
export const budgetSpec = z.strictObject({
  tenant: z.string().min(1),
  user: z.string().min(1).optional(),
  period: z.enum(BUDGET_PERIODS),
  limitUsd: z.number().positive().max(1e9),
});
export type BudgetSpec = z.infer<typeof budgetSpec>;

export const budgetTable = z.array(budgetSpec).superRefine((budgets, ctx) => {
  const places = budgets.map(({ tenant, user, period }) => JSON.stringify([tenant, user ?? null, period]));
  for (const [i, place] of places.entries()) {
    if (places.indexOf(place) === i) continue;
    const message = `there are two budgets for ${place}: leave one`;
    ctx.addIssue({ code: 'custom', path: [i], message });
  }
});
