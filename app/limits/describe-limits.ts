import { TIERS, type Tier, type TierSpec, tiers } from '../../contract/index.js';
import { LIMIT_NAMES, type LimitName, type LimitStandings } from './rate-limiter.js';

/**
 * How a user's limits stand, and what they are, as the values of `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers-10): a list of policies each, by name.
 */
export function describeLimits(standings: LimitStandings, tier: Tier): { limits: string; policies: string } {
  const limits = listed((name) => `r=${standings[name].remaining};t=${standings[name].resetAfterSeconds}`);
  return { limits, policies: policies[tier] };
}

function listed(describe: (name: LimitName) => string): string {
  return LIMIT_NAMES.map((name) => `"${name}";${describe(name)}`).join(', ');
}

/** Quota, its unit where it is not requests, and the window in which it comes back. */
function policyOf({ requestsPerWindow, windowSeconds, bucket, tokensPerMinute }: TierSpec): string {
  const of: Readonly<Record<LimitName, string>> = {
    window: `q=${requestsPerWindow};w=${windowSeconds}`,
    bucket: `q=${bucket.capacity};w=${Math.ceil(bucket.capacity / bucket.ratePerSecond)}`,
    tokens: `q=${tokensPerMinute};qu="tokens";w=60`,
  };
  return listed((name) => of[name]);
}

const policies = Object.fromEntries(TIERS.map((tier) => [tier, policyOf(tiers[tier])])) as Record<Tier, string>;
