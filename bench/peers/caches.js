// @ts-nocheck: it is written against packages of its own, which the compiler of this project does not see.
/** The peers' caches in process, as their own pages show them; like ours they are bounded and let go what was used least recently. */
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { createCache } from 'cache-manager';
import { Cacheable, CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';

/** Each cache's own get and set, by its name. */
export function openPeers() {
  const bento = new BentoCache({ default: 'near', stores: { near: bentostore().useL1Layer(memoryDriver()) } });
  const cacheable = new Cacheable();
  const manager = createCache({ stores: [new Keyv({ store: new CacheableMemory({ ttl: 60_000, lruSize: 1000 }) })] });
  return {
    bentocache: {
      get: (key) => bento.get({ key }),
      set: (key, value) => bento.set({ key, value, ttl: '60s' }),
    },
    cacheable: {
      get: (key) => cacheable.get(key),
      set: (key, value) => cacheable.set(key, value, 60_000),
    },
    'cache-manager': {
      get: (key) => manager.get(key),
      set: (key, value) => manager.set(key, value, 60_000),
    },
  };
}
