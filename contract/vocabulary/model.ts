import * as z from 'zod';

/** How hard a prompt is, as the router sees it. `specialised` is code. */
export const TASK_CLASSES = ['simple', 'medium', 'complex', 'specialised'] as const;
export type TaskClass = (typeof TASK_CLASSES)[number];

/** What the caller would rather have. */
export const ROUTE_PRIORITIES = ['cost', 'speed', 'quality', 'balanced'] as const;
export type RoutePriority = (typeof ROUTE_PRIORITIES)[number];

export const MODEL_PROVIDERS = ['openai', 'anthropic', 'local'] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

/**
 * One model that a request may be sent to. Money is integer micro-dollars: $0.002 per 1,000 tokens is 2,000 micro-dollars
 * per 1,000 tokens.
 */
export const modelSpec = z.strictObject({
  id: z.string().min(1),
  provider: z.enum(MODEL_PROVIDERS),
  role: z.enum(['cheap', 'strong', 'specialist', 'local']),
  inputMicroUsdPer1kTokens: z.int().min(0),
  outputMicroUsdPer1kTokens: z.int().min(0),
  /** Tokens of prompt and answer together. */
  contextWindowTokens: z.int().min(1),
  /** Tokens that it makes of one that a tokenizer of ours counts; above 1 where its own vocabulary is not public. */
  tokensPerCountedToken: z.number().min(1).default(1),
  /** Time of a usual whole answer, used until it has been measured, and what a measured one is held against. */
  typicalLatencyMs: z.int().min(1),
  /** Classes of prompt for which it goes before others of its role. */
  strengths: z.array(z.enum(TASK_CLASSES)).default([]),
  /** Tried in this order when the model fails. */
  fallbacks: z.array(z.string()).default([]),
});
export type ModelSpec = z.infer<typeof modelSpec>;

/** A table of models: unique ids, and every fallback is in the table. */
export const modelTable = z
  .array(modelSpec)
  .min(1)
  .superRefine((models, ctx) => {
    const ids = models.map((model) => model.id);
    for (const [i, model] of models.entries()) {
      if (ids.indexOf(model.id) !== i)
        ctx.addIssue({ code: 'custom', path: [i, 'id'], message: `"${model.id}" is listed twice` });
      for (const fallback of model.fallbacks) {
        if (!ids.includes(fallback)) {
          ctx.addIssue({
            code: 'custom',
            path: [i, 'fallbacks'],
            message: `"${fallback}" is not in the table (${ids.join(', ')})`,
          });
        }
      }
    }
  });

/** Cost of one call in micro-dollars, rounded up so that a ledger never undercounts. */
export function costMicroUsd(
  model: ModelSpec,
  usage: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  const thousandths =
    usage.inputTokens * model.inputMicroUsdPer1kTokens + usage.outputTokens * model.outputMicroUsdPer1kTokens;
  return Math.ceil(thousandths / 1000);
}
