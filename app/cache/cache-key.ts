import { type Json, sha256Of } from './canonical-json.js';

declare const scoped: unique symbol;

/** `<prefix>:<SHA-256>`. Made by {@link cacheKey} only, so that no cache is asked without a scope. */
export type CacheKey = string & { readonly [scoped]: true };

/** Who may share a value. Everything that changes the answer for one of them and not for another stands here. */
export interface CacheScope {
  /** A value never crosses tenants. */
  readonly tenant: string;
  /** Only for a value that depends on the user. @default shared within the tenant */
  readonly user?: string;
}

const PREFIX = /^[a-z][a-z0-9-]*$/;

/**
 * The key of what `input` gives within `scope`. Equal inputs give equal keys in any order of their fields.
 * @param prefix what is cached, such as `rag`: told apart in metrics and when clearing
 * @throws if the prefix is not lower case letters, digits and dashes, or the input is not JSON
 */
export function cacheKey(prefix: string, scope: CacheScope, input: Json): CacheKey {
  if (!PREFIX.test(prefix))
    throw new Error(`Cache prefix "${prefix}": use lower case letters, digits and dashes, such as "rag".`);
  const { tenant, user } = scope;
  return `${prefix}:${sha256Of([tenant, user ?? null, input])}` as CacheKey;
}
