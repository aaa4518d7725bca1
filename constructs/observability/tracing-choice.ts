import * as z from 'zod';
import { resources } from '../workload/quantity.js';
import { secretRef } from '../workload/secret-ref.js';

/** Where traces go, or why there are none. */
export const tracingChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('collector'),
    /** Base URL of the tracing back end, which takes OTLP over HTTP: the collector posts to `<endpoint>/v1/traces`. */
    endpoint: z.url({ protocol: /^https$/, error: 'must be an https:// address, such as https://otlp.example.com' }),
    /** Bearer token that the back end asks for. @default none */
    token: secretRef.optional(),
    /** Address ranges of the back end. @default every public address */
    cidrs: z
      .array(z.cidrv4({ error: 'must be an address range, such as 10.0.0.0/16' }))
      .min(1)
      .optional(),
    /** Share of the requests whose traces are kept. */
    samplingRatio: z
      .number()
      .gt(0, 'must be above 0; for no traces use Tracing.none(why)')
      .max(1, 'must be at most 1: a share of the requests, not percent'),
    resources,
  }),
  z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why nothing is traced') }),
]);
export type TracingChoice = Readonly<z.infer<typeof tracingChoice>>;
export type CollectorChoice = Extract<TracingChoice, { kind: 'collector' }>;
type None = Extract<TracingChoice, { kind: 'none' }>;

/** The two ways. */
export const Tracing = {
  /** An OpenTelemetry collector in the cluster, which sends on what the processes tell it. */
  collector(props: Omit<CollectorChoice, 'kind'>): CollectorChoice {
    return { kind: 'collector', ...props };
  },

  /** No traces, and why. */
  none(why: string): None {
    return { kind: 'none', why };
  },
} as const;
