import type { Caller } from '../runtime/caller.js';
import { ServiceError } from '../runtime/errors.js';
import type { CacheAnswer } from './cache-answer.js';
import type { CacheKey } from './cache-key.js';
import type { CacheOptions } from './cache-policy.js';
import type { TieredCache } from './tiered-cache.js';

/**
 * Gets a value for a caller. Who comes while another's computation is under way shares its result, and its error where a service failed. What
 * failed for that other alone, who went away or has spent a budget, is no answer to this one: it is computed again, on this caller's behalf.
 */
export async function getForCaller<T>(
  cache: TieredCache,
  key: CacheKey,
  { signal }: Pick<Caller, 'signal'>,
  compute: () => Promise<T>,
  options?: CacheOptions,
): Promise<CacheAnswer<T>> {
  for (;;) {
    let isOwn = false;
    const own = () => {
      isOwn = true;
      return compute();
    };
    try {
      return await cache.getOrCompute(key, own, options);
    } catch (error) {
      const isOfService = error instanceof ServiceError && error.status >= 500;
      if (isOwn || isOfService || signal.aborted) throw error;
    }
  }
}
