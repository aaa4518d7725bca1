import * as z from 'zod';
import type { Tier } from '../../contract/index.js';

/** Names a user or a tenant: what every store can keep, and a header carry. An OpenID provider's `sub` is no longer either. */
export const identityName = z
  .string()
  .regex(
    /^(?=.*\S)[^\0\p{Surrogate}]{1,255}$/su,
    'is 1 to 255 characters of Unicode that are not all blank, without U+0000',
  );

/** Of a user who shares nothing with others. */
export function tenantOfOne(user: string): string {
  return `${OF_ONE}${user}`;
}

/** A token that names the tenant of another user alone would read that user's documents. */
export function isTenantOfOther(tenant: string, user: string): boolean {
  return tenant.startsWith(OF_ONE) && tenant !== tenantOfOne(user);
}

const OF_ONE = 'user:';

/** Who asks: always from a verified token, never from a request's body. */
export interface Identity {
  readonly user: string;
  /** Users of one tenant share documents; nothing is shared between tenants. */
  readonly tenant: string;
  readonly tier: Tier;
}
