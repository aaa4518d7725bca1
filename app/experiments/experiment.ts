import * as z from 'zod';

const variant = z.strictObject({
  name: z.string().min(1),
  /** Share of units, 0 to 1. */
  share: z.number().min(0).max(1),
  /** What the variant changes, such as `{ "systemPrompt": "..." }`. */
  config: z.record(z.string(), z.unknown()).default({}),
});

/** A named comparison of variants. The shares add up to 1. */
export const experimentSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is lower case letters, digits and dashes'),
    variants: z.array(variant).min(2),
    /** Metric that decides, such as `answer_score`. */
    metric: z.string().min(1),
    active: z.boolean().default(true),
  })
  .superRefine((experiment, ctx) => {
    const sum = experiment.variants.reduce((total, { share }) => total + share, 0);
    if (Math.abs(sum - 1) > 1e-9)
      ctx.addIssue({ code: 'custom', path: ['variants'], message: `shares add up to ${sum}, not 1` });
    const names = new Set(experiment.variants.map(({ name }) => name));
    if (names.size < experiment.variants.length)
      ctx.addIssue({ code: 'custom', path: ['variants'], message: 'names must differ' });
  });

export type Experiment = z.infer<typeof experimentSchema>;
export type Variant = Experiment['variants'][number];
