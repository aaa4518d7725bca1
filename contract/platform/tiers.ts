import type { TierSpec } from '../vocabulary/index.js';
import type { TaskPriority } from './queues.js';

const bucket = { ratePerSecond: 10, capacity: 50 } as const;

/**
 * Tiers and their limits: window and bucket are chapter 32.2's. It names no tokens per minute, so those are ours: 2,000 for each
 * request of the window, a prompt with five passages and the longest answer that is taken where a request names none.
 */
export const tiers = {
  free: { name: 'free', priority: 'low', requestsPerWindow: 10, windowSeconds: 60, bucket, tokensPerMinute: 20_000 },
  premium: {
    name: 'premium',
    priority: 'high',
    requestsPerWindow: 100,
    windowSeconds: 60,
    bucket,
    tokensPerMinute: 200_000,
  },
  enterprise: {
    name: 'enterprise',
    priority: 'high',
    requestsPerWindow: 1000,
    windowSeconds: 60,
    bucket,
    tokensPerMinute: 2_000_000,
  },
} as const satisfies Record<string, TierSpec<TaskPriority>>;

export type Tier = keyof typeof tiers;
export const TIERS = Object.keys(tiers) as [Tier, ...Tier[]];

/** Queue priority of work that belongs to no tier: batch work, and keys without one. */
export const UNTIERED_PRIORITY: TaskPriority = 'normal';
