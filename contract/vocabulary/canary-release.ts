import * as z from 'zod';
import { canaryReleasePolicy } from './canary-release-policy.js';
import { releaseRules } from './canary-release-rules.js';

/** The custom resource by which a service's releases are asked for, and in whose status they stand. */
export const canaryReleaseResource = {
  group: 'armature.dev',
  version: 'v1alpha1',
  kind: 'CanaryRelease',
  plural: 'canaryreleases',
  singular: 'canaryrelease',
  shortName: 'canary',
} as const;

/** What a slot, a service and a Deployment are called. */
export const dnsLabel = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label');

/** When others are asked about a release, in Flagger's words. */
export const CANARY_WEBHOOK_TYPES = ['pre-rollout', 'confirm-promotion', 'post-rollout'] as const;

export const canaryWebhook = z.strictObject({
  name: dnsLabel,
  type: z
    .enum(CANARY_WEBHOOK_TYPES)
    .describe('Before the first step; when all has been proven, before it is promoted; after it has ended either way.'),
  url: z
    .string()
    .regex(
      /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[^?#\s]*)?$/,
      'must be an http:// or https:// address, with no user and no query',
    )
    .describe('Gets a POST. It has no place for a secret: whoever may read the release may read it.'),
  timeoutSeconds: z.int().min(1).max(30).default(10).describe('An answer later than that is none.'),
});
export type CanaryWebhook = z.output<typeof canaryWebhook>;

const specFields = z.strictObject({
  service: dnsLabel.describe('Service that is called, and name of its scrape job.'),
  port: z.int().min(1).max(65_535).describe('Port of the service.'),
  timeoutMs: z.int().min(1).describe('A request may take so long.'),
  betaHeader: z
    .strictObject({
      name: z.string().regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header'),
      value: z.string().regex(/^[!-~]([ -~]*[!-~])?$/, 'must be printable ASCII, with no space at either end'),
    })
    .optional()
    .describe('Requests with this header always go to the canary.'),
  slots: z
    .array(z.strictObject({ version: dnsLabel, deployment: dnsLabel }))
    .min(2)
    .max(2)
    .describe(
      'The two places for a release, by turns the stable and the canary. The first is stable at the beginning.',
    ),
  minReplicas: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Pods that the stable release has at least, whichever slot it stands in; without it, what that slot's autoscaler states.",
    ),
  maxReplicas: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Most pods that a slot's autoscaler gives, where those of both follow the release's floors: then the canary's pods come before its share does. Without it nobody waits for more than one.",
    ),
  webhooks: z.array(canaryWebhook).max(10).default([]).describe('Who is asked about a release.'),
  policy: canaryReleasePolicy.default(canaryReleasePolicy.parse({})),
});

export const canaryReleaseSpec = specFields
  .superRefine(({ slots: [one, other], minReplicas, maxReplicas }, check) => {
    for (const key of ['version', 'deployment'] as const) {
      if (one?.[key] !== other?.[key]) continue;
      const message = `both have the ${key} "${one?.[key]}": a release would be its own stable one. Fix: a ${key} of its own for each`;
      check.addIssue({ code: 'custom', path: ['slots'], message });
    }
    if (minReplicas !== undefined && maxReplicas !== undefined && minReplicas > maxReplicas) {
      const message = `${minReplicas} pods are more than maxReplicas, ${maxReplicas}, which no autoscaler goes beyond. Fix: lower minReplicas, or raise maxReplicas`;
      check.addIssue({ code: 'custom', path: ['minReplicas'], message });
    }
  })
  .meta(releaseRules);
export type CanaryReleaseSpec = z.output<typeof canaryReleaseSpec>;
export type CanaryReleaseSpecInput = z.input<typeof canaryReleaseSpec>;

/** Name of the VirtualService that the controller owns, and into which that of the service delegates. */
export function canaryRouteName(service: string): string {
  return `${service}-canary`;
}
