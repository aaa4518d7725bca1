import { LRUCache } from 'lru-cache';
import { apiKeyPolicy } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { errors } from '../runtime/errors.js';
import type { Identity } from '../runtime/identity.js';
import { hashApiKey } from './api-key.js';
import type { ApiKeyStore } from './api-key-store.js';

/** Says whose an API key is. @throws 401 when it is nobody's or was revoked, 503 when the store does not say */
export type IdentifyKey = (key: string) => Promise<Identity>;

/**
 * Looks keys up, each once in `cacheMs`: a key that is revoked is refused everywhere after that time at most. Keys that are not there
 * are remembered too, so that a stranger who tries them does not reach the store with each.
 */
export function makeIdentifyKey(store: Pick<ApiKeyStore, 'ownerOf'>, clock: Clock): IdentifyKey {
  const { cacheMs, cachedKeys, timeoutMs } = apiKeyPolicy;
  const owners = new LRUCache<string, { readonly owner: Identity | undefined }>({
    max: cachedKeys,
    ttl: cacheMs,
    ttlResolution: 0,
    perf: { now: clock },
    // Who waits for a look-up gets its answer, though others have taken its place meanwhile.
    ignoreFetchAbort: true,
    fetchMethod: async (hash) => ({ owner: await inTime(store.ownerOf(hash), timeoutMs) }),
  });
  return async (key) => {
    const found = await owners.fetch(hashApiKey(key)).catch((cause: unknown) => {
      throw Object.assign(errors.unavailable('The store of API keys', 1), { cause });
    });
    if (found?.owner === undefined) throw errors.unauthenticated('The API key is not known, or was revoked.');
    return found.owner;
  };
}

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const late = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason), { once: true });
    work.then(resolve, reject);
  });
}
