import { beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyPolicy } from '../../contract/index.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlApiKeyStore } from '../adapters/sql/sql-api-key-store.js';
import { hashApiKey, isApiKey, makeApiKey } from './api-key.js';
import { type IdentifyKey, makeIdentifyKey } from './identify-key.js';

const ada = { user: 'ada', tenant: 'acme', tier: 'premium' } as const;

describe('an API key', () => {
  let store: SqlApiKeyStore;
  let identify: IdentifyKey;
  let now: number;
  let lookups: number;
  let away: Promise<never> | undefined;
  const key = makeApiKey();
  beforeEach(async () => {
    store = new SqlApiKeyStore(await openDatabase({ path: IN_MEMORY }));
    [now, lookups, away] = [1_000_000, 0, undefined];
    const ownerOf = (hash: string) => {
      lookups += 1;
      return away ?? store.ownerOf(hash);
    };
    identify = makeIdentifyKey({ ownerOf }, () => now);
    await store.add({ id: 'k1', name: 'laptop', owner: ada, createdAt: now }, hashApiKey(key));
  });

  it('has 256 random bits, and is known by its beginning', () => {
    expect(key).toMatch(/^ak_[\w-]{43}$/);
    expect(makeApiKey()).not.toBe(key);
    expect([isApiKey(key), isApiKey('eyJhbGciOiJIUzI1NiJ9.e30.x')]).toEqual([true, false]);
  });

  it('gives user, tenant and tier, looked up once for many requests', async () => {
    expect(await Promise.all([identify(key), identify(key), identify(key)])).toEqual([ada, ada, ada]);
    expect(lookups).toBe(1);
  });

  it('is refused after it was revoked, everywhere within the stated time', async () => {
    await identify(key);
    await store.revoke('k1', now);
    now += apiKeyPolicy.cacheMs - 1;
    expect(await identify(key)).toEqual(ada);
    now += 2;
    await expect(identify(key)).rejects.toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('that does not exist is refused, and asked about once', async () => {
    const made = makeApiKey();
    for (let i = 0; i < 3; i += 1) await expect(identify(made)).rejects.toMatchObject({ status: 401 });
    expect(lookups).toBe(1);
  });

  it('is found while more keys than are remembered are looked up, as by a stranger who tries them', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const ownerOf = (hash: string) => held.then(() => (hash === hashApiKey(key) ? ada : undefined));
    const identifyOne = makeIdentifyKey({ ownerOf }, () => now);
    const own = identifyOne(key);
    const tried = Array.from({ length: apiKeyPolicy.cachedKeys }, (_, i) => identifyOne(`ak_${i}`));
    goOn();
    const statuses = await Promise.all(tried.map((one) => one.catch(({ status }: { status: number }) => status)));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await own).toEqual(ada);
  });

  it('is neither accepted nor refused while the store fails, and looked up again after', async () => {
    away = Promise.reject(new Error('connection lost'));
    await expect(identify(key)).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    away = undefined;
    expect(await identify(key)).toEqual(ada);
  });

  it('does not wait for a store that hangs', async () => {
    away = new Promise(() => undefined);
    await expect(identify(key)).rejects.toMatchObject({ status: 503 });
  });
});
