import * as z from 'zod';
import { policyRules } from './canary-release-rules.js';

/** The figures that hold where a release states none. */
export const CANARY_POLICY_DEFAULTS = {
  stepPercents: [5, 15, 30, 50, 100],
  stepSeconds: 30 * 60,
  checkSeconds: 60,
  maxErrorRatio: 0.05,
  /** Against the stable pods over the same window. */
  maxLatencyRatio: 1.5,
  minRequestsPerStep: 500,
  /** Where the stable pods' p99 comes from: long and full enough that a p99 means something. */
  baseline: { quantile: 0.99, windowSeconds: 600, minRequests: 300 },
  /** Prometheus scrapes so often: a measurement reaches back by one scrape more than the time that it covers. */
  scrapeSeconds: 15,
  /** Without any measurement for this long, the release is rolled back. */
  maxBlindSeconds: 15 * 60,
  /** Without a request on the canary for this long, too: it will not be judged any more. */
  maxIdleSeconds: 6 * 3600,
  /** Rates that the verdict keeps over a whole release, however often it looks: of a canary at its thresholds, */
  falseRollbackRate: 0.01,
  /** and of one that is at this multiple of a threshold, or beyond, at any step. */
  falsePromotionRate: 0.01,
  harmfulMultiple: 2,
  approval: 'automatic',
} as const;

const seconds = z.int().min(1).max(604_800);
const rate = z.number().min(0.0001).max(0.5);
const { baseline, ...defaults } = CANARY_POLICY_DEFAULTS;

const notStep = {
  error: ({ input }: { readonly input?: unknown }) =>
    `${input} is no step: steps are whole percents from 1 that ascend to 100`,
};
const stepPercent = z.int(notStep).min(1, notStep).max(100, notStep);

/** A counter of the service, such as `llm_cost_dollars_total`. */
const counterName = z.string().regex(/^[a-z][a-z0-9_]*_total$/, 'must be the name of a counter');

const businessMetric = z.strictObject({
  values: counterName.describe('Counter of what all answers cost or scored, summed.'),
  answers: counterName.describe('Counter of the answers that have such a value.'),
  releaseLabel: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be the name of a label')
    .optional()
    .describe(
      'Label of both counters that names the release. Without it a value counts for the release of the pod that tells it.',
    ),
  harm: z.enum(['increase', 'decrease']).describe('Whether more is worse, as of a cost, or less, as of a score.'),
  limit: z.number().gt(0).describe('The mean of the answers may be no worse.'),
  largest: z.number().gt(0).default(1).describe('No single answer has more, and none less than 0.'),
});

const policyFields = z.strictObject({
  stepPercents: z
    .array(stepPercent)
    .min(1)
    .max(20)
    .default([...defaults.stepPercents])
    .describe("The canary's share of the traffic at each step, in percent, ascending; the last is 100."),
  mirrorPercent: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Before the first step so many of 100 requests go to the canary a second time; no user sees its answers. Each is done twice.',
    ),
  stepSeconds: seconds.default(defaults.stepSeconds).describe('The least time at each step.'),
  checkSeconds: seconds.default(defaults.checkSeconds).describe('Time from one look at it to the next.'),
  maxErrorRatio: z
    .number()
    .min(0.0001)
    .max(0.5)
    .default(defaults.maxErrorRatio)
    .describe("Share of the canary's requests that may be answered with 5xx."),
  maxLatencyRatio: z
    .number()
    .min(1)
    .max(100)
    .default(defaults.maxLatencyRatio)
    .describe("The canary's latency may be so many times that of the stable pods."),
  businessMetric: businessMetric
    .optional()
    .describe('A mean over the answers of the canary that is judged too, such as their cost or their score.'),
  minRequestsPerStep: z.int().min(1).default(defaults.minRequestsPerStep).describe('Requests that each step needs.'),
  baseline: z
    .strictObject({
      quantile: z.number().min(0.5).max(0.999).default(baseline.quantile),
      windowSeconds: seconds.default(baseline.windowSeconds),
      minRequests: z.int().min(1).default(baseline.minRequests),
    })
    .default({ ...baseline })
    .describe("The stable pods' latency: which quantile, over which time, of how many requests at least."),
  scrapeSeconds: seconds
    .default(defaults.scrapeSeconds)
    .describe(
      'Time from one scrape to the next. So long what stood in the slot before is let go out of the measurements.',
    ),
  maxBlindSeconds: seconds
    .default(defaults.maxBlindSeconds)
    .describe('Without a measurement, or without ready pods of the canary, for longer it is rolled back.'),
  maxIdleSeconds: seconds.default(defaults.maxIdleSeconds).describe('Without a request for longer it is rolled back.'),
  falseRollbackRate: rate
    .default(defaults.falseRollbackRate)
    .describe('Chance that a canary within its thresholds is ever rolled back.'),
  falsePromotionRate: rate
    .default(defaults.falsePromotionRate)
    .describe('Chance that a canary is promoted that is harmful at some step.'),
  harmfulMultiple: z
    .number()
    .min(1.1)
    .max(10)
    .default(defaults.harmfulMultiple)
    .describe('From this multiple of a threshold on a canary is harmful.'),
  approval: z
    .enum(['automatic', 'manual'])
    .default(defaults.approval)
    .describe('Whether a step that has shown nothing is passed by itself, or waits for `armature canary approve`.'),
});

export const canaryReleasePolicy = policyFields
  .superRefine(({ businessMetric: metric, stepPercents, ...policy }, check) => {
    if (stepPercents.at(-1) !== 100 || stepPercents.some((percent, i) => percent <= (stepPercents[i - 1] ?? 0))) {
      check.addIssue({
        code: 'custom',
        path: ['stepPercents'],
        message: `the steps ${stepPercents.join(', ')} must ascend to 100: a release is promoted when it has had all traffic`,
      });
    }
    const { harmfulMultiple, maxErrorRatio, baseline } = policy;
    const shares = { maxErrorRatio, 'baseline.quantile': 1 - baseline.quantile };
    const business =
      metric && (metric.harm === 'increase' ? metric.limit : metric.largest - metric.limit) / metric.largest;
    for (const [path, share] of Object.entries({ ...shares, ...(metric && { 'businessMetric.limit': business }) })) {
      if (share !== undefined && share > 0 && harmfulMultiple * share < 1) continue;
      check.addIssue({
        code: 'custom',
        path: path.split('.'),
        message: `makes a share of ${share}, and ${harmfulMultiple} times that (harmfulMultiple) cannot be told from all: it must be above 0 and below ${1 / harmfulMultiple}`,
      });
    }
  })
  .meta(policyRules);
