import type { CacheTag } from './cache-tag.js';
import type { LifetimePolicy } from './lifetime.js';
import type { NearBounds } from './near-cache.js';

export interface CachePolicy extends LifetimePolicy {
  readonly l1: NearBounds & { readonly ttlSeconds: number };
  readonly l2: { readonly ttlSeconds: number; readonly timeoutMs: number; readonly restMs: number };
  /** Of replicas that miss one key at once, one computes. */
  readonly lease: {
    /** The next may compute when one that died has said nothing for so long. */
    readonly ms: number;
    /** The others look so often, */
    readonly pollMs: number;
    /** and compute for themselves after so long. */
    readonly waitMs: number;
  };
}

export interface CacheOptions {
  /** How long the value may be reused; `null` until it is invalidated. @default policy.l2.ttlSeconds */
  readonly ttlSeconds?: number | null;
  /** What it can be invalidated by beside its key. @default none */
  readonly tags?: readonly CacheTag[];
  /** Whether a value that was computed is one for others than those who waited for it. @default each is */
  readonly keeps?: (value: unknown) => boolean;
}
