import type { Clock } from '../runtime/clock.js';
import { failureOf } from './failure.js';
import type { KeyRing } from './key-ring.js';

/**
 * Calls with the next key of the ring. A key that the provider slows down or refuses is put to rest, for as long as the provider
 * says, and the call is made with the next one, as it is when the key's breaker is open; no key is tried twice.
 * @throws what the last free key's call throws, or NoKeyAvailableError when none was free
 */
export async function callWithKey<T>(ring: KeyRing, clock: Clock, call: (key: string) => Promise<T>): Promise<T> {
  for (let left = ring.size; ; left--) {
    const key = ring.take();
    try {
      return await call(key);
    } catch (error) {
      const { kind, retryAfterMs } = failureOf(error, clock());
      if (kind === 'rate-limited' || kind === 'denied') ring.rest(key, retryAfterMs);
      else if (kind !== 'breaker-open') throw error;
      if (left <= 1 || !ring.hasFreeKey) throw error;
    }
  }
}
