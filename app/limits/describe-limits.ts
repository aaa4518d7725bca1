import { type Tier, tiers } from '../../contract/index.js';
import { LIMIT_NAMES, type LimitName, type LimitStandings } from './rate-limiter.js';

/**
 * How a user's limits stand, and what they are, as the values of `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers-10): a list of policies each, by name.
 */
export function describeLimits(standings: LimitStandings, tier: Tier): { limits: string; policies: string } {
  const list = (describe: (name: LimitName) => string) =>
    LIMIT_NAMES.map((name) => `"${name}";${describe(name)}`).join(', ');
  return {
    limits: list((name) => `r=${standings[name].remaining};t=${standings[name].resetAfterSeconds}`),
    policies: list((name) => policyOf[name](tier)),
  };
}

/** Quota, its unit where it is not requests, and the window in which it comes back. */
const policyOf: Readonly<Record<LimitName, (tier: Tier) => string>> = {
  window: (tier) => `q=${tiers[tier].requestsPerWindow};w=${tiers[tier].windowSeconds}`,
  bucket: (tier) => {
    const { capacity, ratePerSecond } = tiers[tier].bucket;
    return `q=${capacity};w=${Math.ceil(capacity / ratePerSecond)}`;
  },
  tokens: (tier) => `q=${tiers[tier].tokensPerMinute};qu="tokens";w=60`,
};
