import * as z from 'zod';
import { CANARY_WEBHOOK_TYPES, dnsLabel as name } from './canary-release.js';

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
  mirrorPercent: z.int().min(0).max(100).default(0).describe('Share of the requests that it gets a second time.'),
  routedPercent: z.int().min(0).max(100).nullable().describe('As the mesh was last told.'),
  bearingReplicas: z
    .int()
    .min(0)
    .default(0)
    .describe('Most ready pods that the stable release had while this one was under way: so many bear all traffic.'),
  verdict: z.enum(['advance', 'hold', 'rollback', 'promoted']),
  reason: z.string(),
  decidedAt: z.iso.datetime(),
  stableRevision: z.string().nullable(),
  canaryRevision: z.string().nullable().describe('What is, or was last, tried.'),
  handledCommand: z.string().nullable(),
  waitingSinceMs: milliseconds.nullable().describe('Since when it waits for that.'),
  awaits: z
    .enum(['pods', 'promotion', ...CANARY_WEBHOOK_TYPES])
    .optional()
    .describe(
      'What it waits for: the pods that its next step needs, those that all traffic needs because it is promoted by hand, or the webhooks of a type; absent when for nothing.',
    ),
  analysis: z
    .strictObject({
      step: z.int().min(0),
      stepStartedAtMs: milliseconds,
      measuredAtMs: milliseconds,
      requestAtMs: milliseconds,
      failed: tally,
      slow: tally,
      business: tally.default({ trials: 0, hits: 0 }),
      baselineSeconds: z.number().min(0).nullable(),
      approvedStep: z.int().min(0).nullable(),
    })
    .nullable()
    .describe('What it must remember to go on where it was.'),
});
export type CanaryReleaseStatus = z.output<typeof canaryReleaseStatus>;
