import * as z from 'zod';
import { canaryPolicy } from '../platform/policies.js';

/** What an outcome may be: of larger ones the squares, summed over many units, are no numbers that anything is told from. */
export const measuredValue = z.number().min(-1e12).max(1e12);

/** Something measured of the caller, or of one of its sessions. */
export const outcome = z.strictObject({
  /** The sender's name for it, in whichever of its sessions: sent again, it counts once. */
  id: z.string().min(1).max(200),
  metric: z.string().min(1),
  /** 0 or 1 where the metric is a proportion. */
  value: measuredValue,
  /** Needed where the experiment's unit is a session. */
  session: z.string().min(1).optional(),
});

/** `null` where nothing can be said yet. */
const told = z.number().nullable();

const difference = z.strictObject({
  p_value: z.number().min(0).max(1),
  /** Ends of the interval of treatment minus control. */
  low: told,
  high: told,
});

const metricResult = z.strictObject({
  metric: z.string(),
  kind: z.enum(['proportion', 'mean', 'quantile']),
  /** Of a quantile. */
  level: z.number().optional(),
  variants: z.array(
    z.strictObject({
      variant: z.string(),
      units: z.int().min(0),
      measured_units: z.int().min(0),
      /** Of a mean that is freed of prior values: measured units of which one is known. */
      prior_units: z.int().min(0).optional(),
      value: told,
    }),
  ),
  /** Each treatment beside the first variant. */
  comparisons: z.array(
    z.strictObject({
      variant: z.string(),
      difference: told,
      /** Holds however often it is looked at. */
      always_valid: difference,
      /** Holds at one look, settled beforehand. */
      fixed_horizon: difference,
      /** Whether the always-valid p-value is below alpha. */
      differs: z.boolean(),
    }),
  ),
});

export const experimentResults = z.strictObject({
  experiment: z.string(),
  unit: z.enum(['user', 'session']),
  alpha: z.number(),
  sample_ratio: z.strictObject({
    p_value: z.number(),
    /** Units did not come in the shares of the split: no other result counts. */
    warning: z.boolean(),
  }),
  metrics: z.array(metricResult),
  guardrails: z.array(
    metricResult.extend({
      harm: z.enum(['increase', 'decrease']),
      tolerated: z.number(),
      /** Variants that do more harm than is tolerated. */
      breached_by: z.array(z.string()),
    }),
  ),
});
export type ExperimentResults = z.infer<typeof experimentResults>;

/** An experiment as it is listed. */
export const experimentView = z.object({
  name: z.string(),
  metric: z.string(),
  active: z.boolean(),
  variants: z.array(
    z.object({
      name: z.string(),
      share: z.number(),
      units: z.int(),
      observations: z.int(),
      mean: z.number().nullable(),
      standard_error: z.number().nullable(),
    }),
  ),
});

/** Metric of the outcomes that judge a release too: how good an answer was, 0 to 1. */
export const ANSWER_SCORE = 'answer_score';
/** No others: what a caller names becomes a label. */
export const RELEASES = [canaryPolicy.stableVersion, canaryPolicy.canaryVersion] as const;
