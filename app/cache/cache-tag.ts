import { sha256Of } from './canonical-json.js';

declare const tenantBound: unique symbol;

/** Made by {@link cacheTag} only, so that no tenant can invalidate another's values. */
export type CacheTag = string & { readonly [tenantBound]: true };

/** What several values of one tenant have in common, such as a document that they were made from. They are forgotten together. */
export function cacheTag(tenant: string, name: string): CacheTag {
  return sha256Of([tenant, name]) as CacheTag;
}
