import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CacheStore, Claim, InvalidationMessage } from './cache-store.js';

/** A store under test with a clock that stands still until it is moved. */
export interface CacheStoreFixture {
  readonly store: CacheStore;
  advance(seconds: number): void | Promise<void>;
  /** Returns once what was told has been heard. @default at once */
  settle?(): Promise<void>;
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

    const claim = (token: string, changes: Partial<Claim> = {}): Claim => ({
      key: 'rag:k',
      token,
      tags: [],
      leaseMs: 2_000,
      ...changes,
    });
    const fill = async (token: string, text: string, ttlMs: number | null = 60_000) =>
      store.fill({ ...claim(token), text, ttlMs, stamps: {} });
    const put = async (key: string, text: string, ttlMs: number | null = 60_000, tags: readonly string[] = []) => {
      const { stamps } = await store.claim(claim('putter', { key, tags }));
      const borne = Object.fromEntries(tags.map((tag, i) => [tag, stamps[i] ?? '']));
      return store.fill({ key, token: 'putter', text, ttlMs, stamps: borne });
    };
    const textOf = async (key: string) => (await store.get(key, [])).text;

    it('answers undefined for a key it does not hold', async () => {
      expect(await store.get('rag:nothing', ['t'])).toEqual({ text: undefined, stamps: [undefined] });
    });

    it.each(['Größe \u{1F600} "quoted"\n', '', '0', 'null'])('gives %j back as it was', async (text) => {
      await put('rag:k', text);
      expect(await textOf('rag:k')).toBe(text);
    });

    it('holds an entry for its lifetime and not longer', async () => {
      await put('rag:k', 'v', 60_000);
      await fixture.advance(59);
      expect(await textOf('rag:k')).toBe('v');
      await fixture.advance(1);
      expect(await textOf('rag:k')).toBeUndefined();
    });

    it('holds an entry without a lifetime until it is invalidated', async () => {
      await put('rag:k', 'v', null, ['t']);
      await fixture.advance(10 * 365 * 24 * 3600);
      const { text, stamps } = await store.get('rag:k', ['t']);
      expect([text, stamps[0]]).toEqual(['v', 'putter']);
      await store.invalidate({ key: 'rag:k' }, 'me');
      expect(await textOf('rag:k')).toBeUndefined();
    });

    it('replaces an entry, lifetime included', async () => {
      await put('rag:k', 'one', 10_000);
      await put('rag:k', 'two', 100_000);
      await fixture.advance(50);
      expect(await textOf('rag:k')).toBe('two');
    });

    it('lets one claim a key at a time, and shows the others what is there', async () => {
      await put('rag:k', 'old');
      expect(await store.claim(claim('a'))).toEqual({ won: true, text: 'old', stamps: [] });
      expect(await store.claim(claim('b'))).toEqual({ won: false, text: 'old', stamps: [] });
      expect(await store.claim(claim('b', { key: 'rag:other' }))).toMatchObject({ won: true });
      expect(await fill('b', 'not mine')).toBe(false);
      expect(await fill('a', 'new')).toBe(true);
      expect(await store.claim(claim('b'))).toEqual({ won: true, text: 'new', stamps: [] });
    });

    it('gives a claim on when it was released, or its time is over without a renewal', async () => {
      await store.claim(claim('a'));
      await store.release(claim('b'));
      expect(await store.claim(claim('b'))).toMatchObject({ won: false });
      await store.release(claim('a'));
      expect(await store.claim(claim('b'))).toMatchObject({ won: true });
      await fixture.advance(1);
      expect(await store.renew(claim('b'))).toBe(true);
      await fixture.advance(1);
      expect(await store.claim(claim('c'))).toMatchObject({ won: false });
      await fixture.advance(1);
      expect(await store.claim(claim('c'))).toMatchObject({ won: true });
      expect(await store.renew(claim('b'))).toBe(false);
      expect(await fill('b', 'too late')).toBe(false);
      expect(await textOf('rag:k')).toBeUndefined();
    });

    it('ends the claim on a key that is invalidated: what was computed before is not kept', async () => {
      await store.claim(claim('a'));
      await store.invalidate({ key: 'rag:k' }, 'me');
      expect(await store.claim(claim('b'))).toMatchObject({ won: true });
      expect(await fill('a', 'out of date')).toBe(false);
      expect(await fill('b', 'new')).toBe(true);
    });

    it('stamps a tag when who computes first names it, and keeps the stamp for all that bear it', async () => {
      const tags = ['t', 'u'];
      expect(await store.claim(claim('a', { tags: ['t'] }))).toMatchObject({ stamps: ['a'] });
      expect(await store.claim(claim('b', { key: 'rag:other', tags }))).toMatchObject({ stamps: ['a', 'b'] });
      expect((await store.get('rag:k', ['u', 't', 'v'])).stamps).toEqual(['b', 'a', undefined]);
    });

    it('takes the stamp from a tag that is invalidated, and does not keep what was computed with it', async () => {
      await put('rag:k', 'v', 60_000, ['t']);
      await store.claim(claim('a', { key: 'rag:other', tags: ['t', 'u'] }));
      await store.invalidate({ tag: 't' }, 'me');
      expect((await store.get('rag:k', ['t', 'u'])).stamps).toEqual([undefined, 'a']);
      const stamps = { t: 'putter', u: 'a' };
      expect(await store.fill({ key: 'rag:other', token: 'a', text: 'v', ttlMs: 1_000, stamps })).toBe(false);
      expect(await textOf('rag:other')).toBeUndefined();
    });

    it('keeps a stamp for longer than the entries that bear it', async () => {
      await put('rag:k', 'v', 24 * 3_600_000, ['t']);
      await put('rag:other', 'v', 1_000, ['t']);
      await fixture.advance(24 * 3_600 - 1);
      expect(await store.get('rag:k', ['t'])).toEqual({ text: 'v', stamps: ['putter'] });
    });

    it('forgets everything when told so, claims included', async () => {
      await put('rag:a', '1', null, ['t']);
      await put('answers:b', '2');
      await store.claim(claim('a'));
      await store.invalidate('all', 'me');
      expect(await store.get('rag:a', ['t'])).toEqual({ text: undefined, stamps: [undefined] });
      expect(await textOf('answers:b')).toBeUndefined();
      expect(await fill('a', 'out of date')).toBe(false);
    });

    it('tells every listener what was invalidated, and by whom', async () => {
      const heard: InvalidationMessage[] = [];
      const end = store.listen((message) => message !== 'lost' && message.from === 'me' && heard.push(message));
      const all = [{ key: 'rag:k' }, { tag: 't' }, 'all'] as const;
      for (const what of all) await store.invalidate(what, 'me');
      await fixture.settle?.();
      expect(heard).toEqual(all.map((what) => ({ from: 'me', what })));
      end();
      await store.invalidate('all', 'me');
      await fixture.settle?.();
      expect(heard).toHaveLength(3);
    });
  });
}
