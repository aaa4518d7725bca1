import * as z from 'zod';

/** The custom resource by which a service's releases are asked for, and in whose status they stand. */
export const canaryReleaseResource = {
  group: 'armature.dev',
  version: 'v1alpha1',
  kind: 'CanaryRelease',
  plural: 'canaryreleases',
  singular: 'canaryrelease',
  shortName: 'canary',
} as const;

/** Annotation of the resource: what somebody has asked for, by `armature canary`. See {@link parseCanaryCommand}. */
export const CANARY_COMMAND_ANNOTATION = `${canaryReleaseResource.group}/command`;

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

const name = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label');
const seconds = z.int().min(1).max(604_800);
const rate = z.number().min(0.0001).max(0.5);
const { baseline, ...defaults } = CANARY_POLICY_DEFAULTS;

export const canaryReleasePolicy = z.strictObject({
  stepPercents: z
    .array(z.int().min(1).max(100))
    .min(1)
    .max(20)
    .default([...defaults.stepPercents])
    .describe("The canary's share of the traffic at each step, in percent, ascending; the last is 100."),
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

export const canaryReleaseSpec = z.strictObject({
  service: name.describe('Service that is called, and name of its scrape job.'),
  port: z.int().min(1).max(65_535).describe('Port of the service.'),
  timeoutMs: z.int().min(1).describe('A request may take so long.'),
  betaHeader: z
    .strictObject({ name: z.string().min(1), value: z.string().min(1) })
    .optional()
    .describe('Requests with this header always go to the canary.'),
  slots: z
    .array(z.strictObject({ version: name, deployment: name }))
    .min(2)
    .max(2)
    .describe(
      'The two places for a release, by turns the stable and the canary. The first is stable at the beginning.',
    ),
  policy: canaryReleasePolicy.default(canaryReleasePolicy.parse({})),
});
export type CanaryReleaseSpec = z.output<typeof canaryReleaseSpec>;
export type CanaryReleaseSpecInput = z.input<typeof canaryReleaseSpec>;

/** Where a release stands: nothing to release, on its way, all traffic, or taken back. */
export const CANARY_PHASES = ['Idle', 'Progressing', 'Promoted', 'RolledBack'] as const;

const tally = z.strictObject({ trials: z.number().min(0), hits: z.number().min(0) });
const milliseconds = z.number().min(0);

export const canaryReleaseStatus = z.strictObject({
  phase: z.enum(CANARY_PHASES),
  observedGeneration: z.number().min(0),
  stable: name.describe('Slot of the stable release.'),
  canary: name.describe('The other slot: where the next release goes, or the one under way.'),
  percent: z.int().min(0).max(100).describe("The canary's share of the traffic as decided."),
  routedPercent: z.int().min(0).max(100).nullable().describe('As the mesh was last told.'),
  verdict: z.enum(['advance', 'hold', 'rollback', 'promoted']),
  reason: z.string(),
  decidedAt: z.iso.datetime(),
  stableRevision: z.string().nullable(),
  canaryRevision: z.string().nullable().describe('What is, or was last, tried.'),
  handledCommand: z.string().nullable(),
  waitingSinceMs: milliseconds
    .nullable()
    .describe('Since when the canary is waited for to have ready pods, before its first step.'),
  analysis: z
    .strictObject({
      step: z.int().min(0),
      stepStartedAtMs: milliseconds,
      measuredAtMs: milliseconds,
      requestAtMs: milliseconds,
      failed: tally,
      slow: tally,
      baselineSeconds: z.number().min(0).nullable(),
      approvedStep: z.int().min(0).nullable(),
    })
    .nullable()
    .describe('What it must remember to go on where it was.'),
});
export type CanaryReleaseStatus = z.output<typeof canaryReleaseStatus>;

export const CANARY_COMMANDS = ['promote', 'abort', 'approve', 'retry'] as const;
export type CanaryCommandVerb = (typeof CANARY_COMMANDS)[number];

export interface CanaryCommand {
  readonly verb: CanaryCommandVerb;
  /** What it is meant for: a command never hits a later release. */
  readonly revision: string;
  /** When it was given; the same command given again is another one. */
  readonly at: string;
}

export function formatCanaryCommand({ verb, revision, at }: CanaryCommand): string {
  return `${verb} ${revision} ${at}`;
}

/** The command of an annotation's text; `undefined` where it is none. */
export function parseCanaryCommand(text: string | undefined): CanaryCommand | undefined {
  const [verb, revision, at] = text?.split(' ') ?? [];
  const known = CANARY_COMMANDS.find((one) => one === verb);
  return known && revision && at ? { verb: known, revision, at } : undefined;
}

/** Name of the VirtualService that the controller owns, and into which that of the service delegates. */
export function canaryRouteName(service: string): string {
  return `${service}-canary`;
}
