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
  await store.set('a', 1, null);
  await store.set('b', 2, null);
  await store.get('a');
  await store.set('c', 3, null);
  expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual([1, undefined, 3]);
});
