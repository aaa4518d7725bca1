import { beforeEach, describe, expect, it } from '@jest/globals';
import { hashApiKey, makeApiKey } from './api-key.js';
import type { ApiKeyStore } from './api-key-store.js';

const ada = { user: 'ada', tenant: 'acme', tier: 'premium' } as const;
const bob = { user: 'bob', tenant: 'globex', tier: 'free' } as const;

/** What every store of API keys does. `make` gives an empty one. */
export function describeApiKeyStore(name: string, make: () => Promise<{ readonly store: ApiKeyStore }>): void {
  describe(`${name} as a store of API keys`, () => {
    let store: ApiKeyStore;
    beforeEach(async () => {
      ({ store } = await make());
    });
    const add = async (id: string, owner: typeof ada | typeof bob, createdAt = 1) => {
      const hash = hashApiKey(makeApiKey());
      await store.add({ id, name: `${id} of ${owner.user}`, owner, createdAt }, hash);
      return hash;
    };

    it('knows whose a key is, by its hash', async () => {
      const [adas, bobs] = [await add('k1', ada), await add('k2', bob)];
      expect(await store.ownerOf(adas)).toEqual(ada);
      expect(await store.ownerOf(bobs)).toEqual(bob);
      expect(await store.ownerOf(hashApiKey('ak_other'))).toBeUndefined();
    });

    it('knows a revoked key no more, and the others still', async () => {
      const [first, second] = [await add('k1', ada), await add('k2', ada)];
      expect(await store.revoke('k1', 5)).toBe(true);
      expect(await store.ownerOf(first)).toBeUndefined();
      expect(await store.ownerOf(second)).toEqual(ada);
    });

    it('says that there is no such key to revoke', async () => {
      await add('k1', ada);
      expect(await store.revoke('k9', 5)).toBe(false);
    });

    it('keeps the time of the first revocation', async () => {
      await add('k1', ada);
      await store.revoke('k1', 5);
      expect(await store.revoke('k1', 9)).toBe(true);
      expect((await store.list()).map(({ revokedAt }) => revokedAt)).toEqual([5]);
    });

    it('lists all, oldest first, without anything that a key could be made from', async () => {
      const hash = await add('k2', bob, 2);
      await add('k1', ada, 1);
      const listed = await store.list();
      expect(listed).toEqual([
        { id: 'k1', name: 'k1 of ada', owner: ada, createdAt: 1, revokedAt: undefined },
        { id: 'k2', name: 'k2 of bob', owner: bob, createdAt: 2, revokedAt: undefined },
      ]);
      expect(JSON.stringify(listed)).not.toContain(hash);
    });

    it('takes an id once, and a key once', async () => {
      const hash = await add('k1', ada);
      await expect(add('k1', ada)).rejects.toThrow();
      await expect(store.add({ id: 'k2', name: '', owner: bob, createdAt: 1 }, hash)).rejects.toThrow();
      expect(await store.ownerOf(hash)).toEqual(ada);
    });
  });
}
