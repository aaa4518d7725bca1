import { expect, it } from '@jest/globals';
import { describeCacheStore } from '../../cache/cache-store.conformance.js';
import { MemoryCacheStore } from './memory-cache-store.js';

describeCacheStore('the memory adapter', async () => {
  let now = Date.UTC(2026, 0, 1);
  return {
    store: new MemoryCacheStore(() => now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
});

it('lets the entry go that was used least recently', async () => {
  const store = new MemoryCacheStore(() => 0, 2);
  const put = async (key: string) => {
    await store.claim({ key, token: 't', tags: [], leaseMs: 1_000 });
    await store.fill({ key, token: 't', text: key, ttlMs: null, stamps: {} });
  };
  await put('a');
  await put('b');
  await store.get('a', []);
  await put('c');
  const kept = await Promise.all(['a', 'b', 'c'].map(async (key) => (await store.get(key, [])).text));
  expect(kept).toEqual(['a', undefined, 'c']);
});
