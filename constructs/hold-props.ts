import type { IConstruct } from 'constructs';
import * as z from 'zod';
import { type BadValue, badValues, badValueText } from './bad-value.js';

/** Props that no construct can be made from: the compiler was passed by, or cannot see what is wrong. */
export class PropsError extends Error {
  override readonly name = 'PropsError';
  constructor(
    readonly constructPath: string,
    readonly problems: readonly BadValue[],
  ) {
    super([`${constructPath}:`, ...problems.map(badValueText)].join('\n  '));
  }
}

/**
 * Holds a construct's props to a schema of those that may be wrong; others are let be.
 * @throws {PropsError} with the construct's path, naming every bad value and what is allowed.
 */
export function holdProps(construct: IConstruct, schema: z.ZodObject, props: object): void {
  // A schema is asked a few times a synthesis: compiling a validator for it costs more than it saves.
  const parsed = schema.safeParse(props, { jitless: true });
  if (!parsed.success) throw new PropsError(construct.node.path, badValues(parsed.error, props));
}

/** The same of a choice among kinds, such as in the cluster or managed, by its own schema. */
export function holdChoice(construct: IConstruct, schema: z.ZodType, choice: unknown): void {
  holdProps(construct, z.object({ choice: schema }), { choice });
}

const HOUR_SECONDS = 3600;

/** Forms that several constructs' props have. */
export const propForms = {
  name: z
    .string()
    .regex(
      /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'must be lower case letters, digits and dashes, and begin with a letter',
    ),
  replicas: z.int('must be a whole number').min(1, 'must be 1 or more; what nobody needs is left out'),
  port: z
    .int('must be a port, from 1 to 65535')
    .min(1, 'must be a port, from 1 to 65535')
    .max(65_535, 'must be a port, from 1 to 65535'),
  /** Whoever waits longer wrote milliseconds. */
  seconds: z
    .number('must be a number of seconds')
    .min(0, 'must be 0 seconds or more')
    .max(6 * HOUR_SECONDS, 'must be at most 21600 seconds; was it meant in milliseconds?'),
  /** As long as Kubernetes remembers a client at most is a day. */
  affinitySeconds: z
    .int()
    .min(1, 'must be 1 second or more; without affinity leave it out')
    .max(24 * HOUR_SECONDS, 'must be at most 86400 seconds; was it meant in milliseconds?'),
  /** Nothing over a network takes less; whoever wrote so little wrote seconds. */
  timeoutMs: z
    .number('must be a number of milliseconds')
    .min(100, 'must be 100 milliseconds or more; was it meant in seconds?'),
  header: z.strictObject({
    name: z.string().regex(/^[\w-]+$/, 'must be the name of a header, such as x-beta'),
    value: z.string().min(1, 'must not be empty'),
  }),
  addressRange: z.union([z.cidrv4(), z.cidrv6()], 'must be an address range, such as 10.0.0.0/16 or fd00:8::/32'),
} as const;
