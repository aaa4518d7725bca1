import type { TierSpec } from '../vocabulary/index.js';
import type { TaskPriority } from './queues.js';

const bucket = { ratePerSecond: 10, capacity: 50 } as const;

/** Tiers and their limits (chapter 32.2). */
export const tiers = {
  free: { name: 'free', priority: 'low', requestsPerWindow: 10, windowSeconds: 60, bucket },
  premium: { name: 'premium', priority: 'high', requestsPerWindow: 100, windowSeconds: 60, bucket },
  enterprise: { name: 'enterprise', priority: 'high', requestsPerWindow: 1000, windowSeconds: 60, bucket },
} as const satisfies Record<string, TierSpec<TaskPriority>>;

export type Tier = keyof typeof tiers;
export const TIERS = Object.keys(tiers) as [Tier, ...Tier[]];

/** Queue priority of work that belongs to no tier: batch work, and keys without one. */
export const UNTIERED_PRIORITY: TaskPriority = 'normal';
