import { canaryReleaseResource } from './canary-release.js';

/** Annotation of the resource: what somebody has asked for, by `armature canary`. See {@link parseCanaryCommand}. */
export const CANARY_COMMAND_ANNOTATION = `${canaryReleaseResource.group}/command`;

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
