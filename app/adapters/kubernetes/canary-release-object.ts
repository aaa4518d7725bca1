import type { KubernetesObject } from '@kubernetes/client-node';
import * as z from 'zod';
import { CANARY_COMMAND_ANNOTATION, canaryReleaseSpec, canaryReleaseStatus } from '../../../contract/index.js';
import type { Release } from '../../canary/release-cluster.js';

/** The custom resource as the API server holds it. */
export interface CanaryReleaseObject extends KubernetesObject {
  readonly spec?: unknown;
  readonly status?: unknown;
}

/**
 * The release that a resource asks for; `undefined`, and a word in the log, where it cannot be read. The API server holds resources to their
 * schema, so that happens between versions of the definition only.
 */
export function canaryReleaseFrom(
  { metadata, spec, status }: CanaryReleaseObject,
  complain: (text: string) => void,
): Release | undefined {
  const name = metadata?.name ?? '';
  const asked = canaryReleaseSpec.safeParse(spec);
  const known = canaryReleaseStatus.optional().safeParse(status);
  if (!asked.success || !known.success) {
    const { error } = asked.success ? known : asked;
    complain(`The release ${name} cannot be read, and is left as it is: ${error && z.prettifyError(error)}`);
    return undefined;
  }
  const command = metadata?.annotations?.[CANARY_COMMAND_ANNOTATION];
  return {
    name,
    generation: metadata?.generation ?? 0,
    spec: asked.data,
    ...(known.data && { status: known.data }),
    ...(command !== undefined && { command }),
    resourceVersion: metadata?.resourceVersion ?? '',
  };
}
