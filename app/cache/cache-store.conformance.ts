import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CacheStore } from './cache-store.js';

/** A store under test with a clock that stands still until it is moved. */
export interface CacheStoreFixture {
  readonly store: CacheStore;
  advance(seconds: number): void | Promise<void>;
  /** @default nothing to close */
  close?(): Promise<void>;
}

/** What every shared cache level does. `make` gives an empty one. */
export function describeCacheStore(name: string, make: () => Promise<CacheStoreFixture>): void {
  describe(`${name} as a cache store`, () => {
    let fixture: CacheStoreFixture;
    let store: CacheStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    it('answers undefined for a key it does not hold', async () => {
      expect(await store.get('rag:nothing')).toBeUndefined();
    });

    it.each([
      ['text', 'Größe \u{1F600} "quoted"\n'],
      ['an empty text', ''],
      ['zero', 0],
      ['false', false],
      ['a nested value', { answer: 'yes', scores: [0.1, -2e-7], nested: { none: null, list: [[]] } }],
    ])('gives %s back as it was', async (_, value) => {
      await store.set('rag:k', value, 60);
      expect(await store.get('rag:k')).toEqual(value);
    });

    it('tells a cached null from no entry', async () => {
      await store.set('rag:k', null, 60);
      expect(await store.get('rag:k')).toBeNull();
    });

    it('holds an entry for its lifetime and not longer', async () => {
      await store.set('rag:k', 1, 60);
      await fixture.advance(59);
      expect(await store.get('rag:k')).toBe(1);
      await fixture.advance(1);
      expect(await store.get('rag:k')).toBeUndefined();
    });

    it('holds an entry without a lifetime until it is deleted', async () => {
      await store.set('rag:k', 1, null);
      await fixture.advance(10 * 365 * 24 * 3600);
      expect(await store.get('rag:k')).toBe(1);
      await store.delete('rag:k');
      expect(await store.get('rag:k')).toBeUndefined();
    });

    it('replaces an entry, lifetime included', async () => {
      await store.set('rag:k', 1, 10);
      await store.set('rag:k', 2, 100);
      await fixture.advance(50);
      expect(await store.get('rag:k')).toBe(2);
    });

    it('deletes one entry and no other, and is content when there is none', async () => {
      await store.set('rag:a', 1, 60);
      await store.set('rag:b', 2, 60);
      await store.delete('rag:a');
      await store.delete('rag:a');
      expect(await store.get('rag:a')).toBeUndefined();
      expect(await store.get('rag:b')).toBe(2);
    });

    it('is not changed by what a caller does to a value it gave or got', async () => {
      const given = { list: [1] };
      await store.set('rag:k', given, 60);
      given.list.push(2);
      const got = (await store.get('rag:k')) as { list: number[] };
      got.list.push(3);
      expect(await store.get('rag:k')).toEqual({ list: [1] });
    });
  });
}
