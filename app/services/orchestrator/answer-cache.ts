import { type CacheOutcome, cacheRequests, type Invocation } from '../../../contract/index.js';
import { cacheKey } from '../../cache/cache-key.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { ModelAnswer } from './call-model.js';

/** An answer with where it came from. */
export interface CachedAnswer {
  readonly answer: ModelAnswer;
  readonly cache: CacheOutcome;
}

/** What a completion says whose request asked for no cache. */
export const UNCACHED: CacheOutcome = { level: 'bypass', reason: 'the request names no cache key' };
