import * as z from 'zod';
import { experimentConfig } from '../../contract/index.js';

const variant = z.strictObject({
  name: z.string().min(1),
  /** Share of units, 0 to 1. */
  share: z.number().min(0).max(1),
  /** What the variant changes. @default nothing */
  config: experimentConfig.default({}),
});

const name = z.string().min(1);

export const metricSchema = z.discriminatedUnion('kind', [
  /** Share of the exposed units with an outcome of 1; a unit without an outcome counts as one without success. */
  z.strictObject({ name, kind: z.literal('proportion') }),
  /** Mean over the units with an outcome, each by the mean of its own. */
  z.strictObject({
    name,
    kind: z.literal('mean'),
    /** Whether the differences are freed of what was measured of a unit before its exposure; to be settled beforehand. */
    prior: z.boolean().optional(),
  }),
  /** Quantile of the same, such as 0.95. */
  z.strictObject({ name, kind: z.literal('quantile'), level: z.number().gt(0).lt(1) }),
]);
export type Metric = z.infer<typeof metricSchema>;

const guardrail = z.strictObject({
  metric: metricSchema,
  /** The direction that does harm. */
  harm: z.enum(['increase', 'decrease']),
  /** How far a variant may go in that direction, in the metric's own unit. @default not at all */
  tolerated: z.number().min(0).default(0),
});
export type Guardrail = z.infer<typeof guardrail>;

const layer = z
  .strictObject({ name: z.string().min(1), from: z.number().min(0).lt(1), to: z.number().gt(0).max(1) })
  .refine(({ from, to }) => from < to, { error: 'its part must end after it begins: from is below to' });

/** A named comparison of variants. The first is the control; the shares add up to 1. */
export const experimentSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is lower case letters, digits and dashes'),
    /** What is assigned, exposed and counted. */
    unit: z.enum(['user', 'session']).default('user'),
    /** Experiments of one layer share no unit: each has a part of it, from 0 to 1. @default none: open to every unit */
    layer: layer.optional(),
    variants: z.array(variant).min(2),
    /** The first one decides. */
    metrics: z.array(metricSchema).min(1),
    guardrails: z.array(guardrail).default([]),
    /** Chance of a difference being found where there is none, over all variants of a metric and all looks. */
    alpha: z.number().gt(0).lt(0.5).default(0.05),
    /** Units, of two variants together, for which always-valid results are narrowest; below 500 counts as 500. */
    plannedUnits: z.int().min(10).default(5_000),
    active: z.boolean().default(true),
  })
  .superRefine((experiment, ctx) => {
    const sum = experiment.variants.reduce((total, { share }) => total + share, 0);
    if (Math.abs(sum - 1) > 1e-9)
      ctx.addIssue({ code: 'custom', path: ['variants'], message: `shares add up to ${sum}, not 1` });
    if (repeats(experiment.variants.map((one) => one.name)))
      ctx.addIssue({ code: 'custom', path: ['variants'], message: 'names must differ' });
    if (repeats(metricsOf(experiment).map((one) => one.name)))
      ctx.addIssue({ code: 'custom', path: ['metrics'], message: 'names must differ, those of guardrails too' });
  });

export type Experiment = z.infer<typeof experimentSchema>;
export type Variant = Experiment['variants'][number];

/** Every metric that outcomes may be of. */
export function metricsOf({ metrics, guardrails }: Pick<Experiment, 'metrics' | 'guardrails'>): readonly Metric[] {
  return [...metrics, ...guardrails.map(({ metric }) => metric)];
}

/** What at least one variant sets, and so makes a difference between them. */
export function variedBy({ variants }: Pick<Experiment, 'variants'>): readonly string[] {
  return [...new Set(variants.flatMap(({ config }) => Object.keys(config)))].sort();
}

function repeats(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
