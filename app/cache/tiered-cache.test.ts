import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { MemoryCacheStore } from '../adapters/memory/memory-cache-store.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import type { CacheLevel } from './cache-answer.js';
import { cacheKey } from './cache-key.js';
import type { CacheOptions, CachePolicy } from './cache-policy.js';
import type { CacheStore, InvalidationMessage } from './cache-store.js';
import { cacheTag } from './cache-tag.js';
import { TieredCache } from './tiered-cache.js';

const policy = {
  l1: { entries: 2, bytes: 1_000, ttlSeconds: 60 },
  l2: { ttlSeconds: 3600, timeoutMs: 5, restMs: 1_000 },
  staleSeconds: 0,
  missTtlSeconds: 60,
  jitterRatio: 0,
  lease: { ms: 2_000, pollMs: 50, waitMs: 10_000 },
};
const key = cacheKey('rag', { tenant: 'acme' }, 'question');
const keyOf = (input: string) => cacheKey('rag', { tenant: 'acme' }, input);

/** A computation that counts its runs and ends when it is told to. */
function gate<T>() {
  let runs = 0;
  const { promise, resolve, reject } = withResolvers<T>();
  const compute = () => {
    runs += 1;
    return promise;
  };
  return { compute, resolve, reject, runs: () => runs };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('a tiered cache', () => {
  let time: ManualTime;
  let store: CacheStore;
  let levels: CacheLevel[];
  let errors: unknown[];
  const make = (shared: CacheStore = store, changes: Partial<CachePolicy> = {}) =>
    new TieredCache({
      store: shared,
      clock: time.clock,
      timers: time,
      random: () => 0.5,
      policy: { ...policy, ...changes },
      countersOf: (prefix) => {
        const count = (level: CacheLevel) => () => levels.push(prefix === 'rag' ? level : 'source');
        return { l1: count('l1'), l2: count('l2'), source: count('source') };
      },
      onStoreError: (error) => errors.push(error),
      onRefreshError: (error) => errors.push(error),
    });
  const ask = (cache: TieredCache, value: unknown = 'computed', options?: CacheOptions) =>
    cache.getOrCompute(key, async () => value, options);
  const levelOf = async (cache: TieredCache, of = key) => (await cache.getOrCompute(of, async () => 'computed')).level;

  beforeEach(() => {
    time = new ManualTime();
    store = new MemoryCacheStore(time.clock);
    levels = [];
    errors = [];
  });

  it('finds what a level has, in its time and past it, and computes nothing', async () => {
    const stale = { staleSeconds: 30 };
    const [here, there] = [make(store, stale), make(store, stale)];
    expect(await here.find(key)).toBeUndefined();
    await ask(here, 'kept');
    expect(await here.find(key)).toEqual({ value: 'kept', level: 'l1', stale: false });
    expect(await there.find(key)).toEqual({ value: 'kept', level: 'l2', stale: false });
    time.advance(3_600_000);
    expect(await there.find(key)).toEqual({ value: 'kept', level: 'l2', stale: true });
    await here.delete(key);
    expect([await here.find(key), await there.find(key)]).toEqual([undefined, undefined]);
    expect(levels).toEqual(['source', 'l1', 'l2', 'l2']);
    expect(errors).toEqual([]);
  });

  it('answers from the source, then from this process, and from the shared level in another process', async () => {
    const cache = make();
    expect(await cache.getOrCompute(key, async () => ({ n: 1 }))).toEqual({
      value: { n: 1 },
      level: 'source',
      stale: false,
    });
    expect(await cache.getOrCompute(key, async () => ({ n: 2 }))).toEqual({
      value: { n: 1 },
      level: 'l1',
      stale: false,
    });
    const other = make();
    expect(await other.getOrCompute(key, async () => ({ n: 3 }))).toEqual({
      value: { n: 1 },
      level: 'l2',
      stale: false,
    });
    expect(await levelOf(other)).toBe('l1');
    expect(levels).toEqual(['source', 'l1', 'l2', 'l1']);
  });

  it('keeps a value near for its time, shared for longer, and then computes it again', async () => {
    const cache = make();
    await levelOf(cache);
    time.advance(60_000);
    expect(await levelOf(cache)).toBe('l2');
    time.advance(3_540_000);
    expect(await levelOf(cache)).toBe('source');
  });

  it('never outlives the lifetime of a value, whichever level has it', async () => {
    const [cache, other] = [make(), make()];
    await cache.getOrCompute(key, async () => 'short', { ttlSeconds: 30 });
    time.advance(29_000);
    expect(await levelOf(other)).toBe('l2');
    time.advance(1000);
    expect([await levelOf(cache), await levelOf(other)]).toEqual(['source', 'l2']);
  });

  it('computes once for a thousand callers that come at once', async () => {
    const cache = make();
    const { compute, resolve, runs } = gate<string>();
    const answers = Promise.all(Array.from({ length: 1000 }, () => cache.getOrCompute(key, compute)));
    resolve('once');
    expect(new Set((await answers).map(({ value, level }) => `${value} ${level}`))).toEqual(new Set(['once source']));
    expect(runs()).toBe(1);
  });

  it('puts a value in place of another one on both levels, for a time of its own, and not over one that is as new', async () => {
    const cache = make();
    await ask(cache, 'old');
    time.advance(3_599_000);
    await cache.put(key, 'new');
    time.advance(1_000);
    for (const from of [cache, make()]) expect(await ask(from)).toMatchObject({ value: 'new' });
    const { compute, resolve, runs } = gate<string>();
    const other = cache.getOrCompute(keyOf('other'), compute);
    await until('it computes', () => runs() === 1);
    const put = cache.put(keyOf('other'), 'put');
    resolve('computed');
    await Promise.all([other, put]);
    expect(await cache.find(keyOf('other'))).toMatchObject({ value: 'computed' });
    expect(levels).toEqual(['source', 'l1', 'l2', 'source', 'l1']);
  });

  it('hands a failure to every waiter, and tries again for the next caller', async () => {
    const cache = make();
    const { compute, reject, runs } = gate<string>();
    const answers = Promise.allSettled([1, 2, 3].map(() => cache.getOrCompute(key, compute)));
    reject(new Error('source is down'));
    const reasons = (await answers).map((answer) => (answer.status === 'rejected' ? answer.reason : answer));
    expect(reasons).toEqual([1, 2, 3].map(() => new Error('source is down')));
    expect(runs()).toBe(1);
    expect(await levelOf(cache)).toBe('source');
  });

  it('takes a cached null for a hit on each level', async () => {
    const nothing = async () => null;
    const cache = make();
    await cache.getOrCompute(key, nothing);
    expect(await cache.getOrCompute(key, nothing)).toEqual({ value: null, level: 'l1', stale: false });
    expect(await make().getOrCompute(key, nothing)).toEqual({ value: null, level: 'l2', stale: false });
  });

  it('refuses to cache what is not JSON, in words', async () => {
    await expect(make().getOrCompute(key, async () => undefined)).rejects.toThrow(
      'answer null to cache that there is nothing',
    );
  });

  it('gives all callers one value that none can change, and leaves the one that was computed alone', async () => {
    const cache = make();
    const computed = { list: ['a'], nested: { n: 1 } };
    const ask = (from: TieredCache) => from.getOrCompute(key, async () => computed);
    const [first, waiter] = await Promise.all([ask(cache), ask(cache)]);
    for (const { value } of [first, waiter, await ask(cache), await ask(make())]) {
      expect(() => value.list.push('changed')).toThrow(TypeError);
      expect(() => {
        value.nested.n = 2;
      }).toThrow(TypeError);
    }
    computed.list.push('changed later');
    expect((await ask(cache)).value).toEqual({ list: ['a'], nested: { n: 1 } });
  });

  it('keeps a field named __proto__ like any other', async () => {
    const cache = make();
    const value: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
    await cache.getOrCompute(key, async () => value);
    const hit = await cache.getOrCompute(key, async () => value);
    expect(JSON.stringify(hit.value)).toBe('{"__proto__":{"polluted":true}}');
  });

  it('lets go of what was used least recently when it is full', async () => {
    const cache = make();
    for (const input of ['a', 'b', 'a', 'c']) await levelOf(cache, keyOf(input));
    expect([await levelOf(cache, keyOf('a')), await levelOf(cache, keyOf('b'))]).toEqual(['l1', 'l2']);
  });

  it('forgets a deleted value on both levels', async () => {
    const cache = make();
    await levelOf(cache);
    await cache.delete(key);
    expect(await levelOf(cache)).toBe('source');
  });

  it('does not keep what was being computed while the key was deleted', async () => {
    const cache = make();
    const { compute, resolve, runs } = gate<string>();
    const before = cache.getOrCompute(key, compute);
    await until('it computes', () => runs() === 1);
    await cache.delete(key);
    resolve('out of date');
    expect(await before).toEqual({ value: 'out of date', level: 'source', stale: false });
    expect(await cache.getOrCompute(key, async () => 'new')).toEqual({ value: 'new', level: 'source', stale: false });
    expect((await make().getOrCompute(key, async () => 'other')).value).toBe('new');
  });

  it('goes on without a shared level that fails, reports it, and leaves it alone for a while', async () => {
    let asked = 0;
    const down = async () => {
      asked += 1;
      throw new Error('connection refused');
    };
    const cache = make({ ...store, get: down, claim: down, fill: down, invalidate: down, listen: () => () => {} });
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    await cache.delete(key);
    expect(await levelOf(cache)).toBe('source');
    expect([asked, errors.length]).toEqual([1, 1]);
    time.advance(1_000);
    expect(await levelOf(cache, keyOf('another'))).toBe('source');
    expect(errors).toEqual([1, 2].map(() => new Error('connection refused')));
  });

  it('goes on without a shared level that hangs', async () => {
    const never = () => new Promise<never>(() => undefined);
    const cache = make({ ...store, get: never, claim: never, fill: never, listen: () => () => {} });
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    expect(errors).toEqual([expect.any(DeadlineExceeded)]);
  });

  it('takes what another program wrote under its key for no entry', async () => {
    await store.claim({ key, token: 't', tags: [], leaseMs: 1_000 });
    await store.fill({ key, token: 't', text: '"not an entry"', ttlMs: 60_000, stamps: {} });
    expect(await levelOf(make())).toBe('source');
  });

  describe('over several replicas', () => {
    it('computes once for all of them', async () => {
      const { compute, resolve, runs } = gate<string>();
      const answers = [make(), make(), make()].map((cache) => cache.getOrCompute(key, compute));
      await until('two wait for the third', () => time.pending === 3);
      resolve('once');
      await until('the third is done', () => levels.length === 1);
      time.advance(policy.lease.pollMs);
      const levelsOfAll = (await Promise.all(answers)).map(({ value, level }) => `${value} ${level}`).sort();
      expect(levelsOfAll).toEqual(['once l2', 'once l2', 'once source']);
      expect([runs(), time.pending]).toEqual([1, 0]);
    });

    it('goes on waiting for a computation that outlasts the lease, and takes over from one that died', async () => {
      const slow = gate<string>();
      const first = make().getOrCompute(key, slow.compute);
      await until('it computes', () => slow.runs() === 1);
      const second = make().getOrCompute(key, async () => 'again');
      for (let i = 0; i < 10; i += 1) {
        await until('the second waits', () => time.pending === 2);
        time.advance(policy.lease.ms / 4);
      }
      slow.resolve('slow');
      expect((await first).value).toBe('slow');
      await until('the second waits', () => time.pending === 1);
      time.advance(policy.lease.pollMs);
      expect(await second).toEqual({ value: 'slow', level: 'l2', stale: false });

      await store.claim({ key: keyOf('dead'), token: 'dead', tags: [], leaseMs: policy.lease.ms });
      const heir = make().getOrCompute(keyOf('dead'), async () => 'taken over');
      await until('it waits', () => time.pending === 1);
      time.advance(policy.lease.ms);
      expect(await heir).toEqual({ value: 'taken over', level: 'source', stale: false });
    });

    it('hands a claim on when the computation fails', async () => {
      const { compute, reject } = gate<string>();
      const failing = make().getOrCompute(key, compute);
      await until('it computes', () => time.pending === 1);
      const waiting = make().getOrCompute(key, async () => 'better');
      await until('the other waits', () => time.pending === 2);
      reject(new Error('source is down'));
      await expect(failing).rejects.toThrow('source is down');
      time.advance(policy.lease.pollMs);
      expect((await waiting).value).toBe('better');
    });

    it('computes for itself when another takes too long', async () => {
      await store.claim({ key, token: 'another', tags: [], leaseMs: 60_000 });
      const answer = make().getOrCompute(key, async () => 'own');
      for (let waitedMs = 0; waitedMs < policy.lease.waitMs; waitedMs += policy.lease.pollMs) {
        await until('it waits', () => time.pending === 1);
        time.advance(policy.lease.pollMs);
      }
      expect((await answer).value).toBe('own');
    });

    it('forgets in all of them what one invalidates, by key, by tag or altogether', async () => {
      const [one, other] = [make(), make()];
      const tag = cacheTag('acme', 'document d1');
      for (const forget of [() => one.delete(key), () => one.deleteTag(tag), () => one.clear()]) {
        await ask(one, 'old', { tags: [tag] });
        await ask(other, 'old', { tags: [tag] });
        expect(await ask(other, 'new', { tags: [tag] })).toMatchObject({ value: 'old', level: 'l1' });
        await forget();
        expect(await ask(other, 'new', { tags: [tag] })).toMatchObject({ value: 'new', level: 'source' });
        await other.clear();
      }
    });

    it('leaves what bears another tag, or the same one of another tenant', async () => {
      const cache = make();
      await ask(cache, 'v', { tags: [cacheTag('acme', 'a'), cacheTag('acme', 'b')] });
      await cache.deleteTag(cacheTag('globex', 'a'));
      await cache.deleteTag(cacheTag('acme', 'c'));
      expect(await levelOf(cache)).toBe('l1');
      await cache.deleteTag(cacheTag('acme', 'b'));
      expect(await levelOf(cache)).toBe('source');
    });

    it('does not give what bears an invalidated tag to one who asks without naming the tag', async () => {
      const tag = cacheTag('acme', 'a');
      await ask(make(), 'v', { tags: [tag] });
      expect(await levelOf(make())).toBe('l2');
      await store.invalidate({ tag }, 'elsewhere');
      expect(await levelOf(make())).toBe('source');
    });

    it('does not keep what another replica computed while a tag was invalidated', async () => {
      const tag = cacheTag('acme', 'a');
      const { compute, resolve } = gate<string>();
      const [one, other] = [make(), make()];
      const before = one.getOrCompute(key, compute, { tags: [tag] });
      await until('it computes', () => time.pending === 1);
      await other.deleteTag(tag);
      resolve('out of date');
      expect((await before).value).toBe('out of date');
      expect(await ask(one, 'new', { tags: [tag] })).toMatchObject({ value: 'new', level: 'source' });
    });

    it('forgets what is near when messages may have been lost', async () => {
      let tell = (_: InvalidationMessage) => {};
      const listen = (listener: typeof tell) => {
        tell = listener;
        return () => {};
      };
      const shared = new MemoryCacheStore(time.clock);
      shared.listen = listen;
      const cache = make(shared);
      await levelOf(cache);
      expect(await levelOf(cache)).toBe('l1');
      tell('lost');
      expect(await levelOf(cache)).toBe('l2');
    });

    it('tells an invalidation that the shared level could not take as soon as it can, before it trusts it again', async () => {
      const shared = new MemoryCacheStore(time.clock);
      const cache = make(shared);
      await ask(cache, 'old');
      const { invalidate } = shared;
      shared.invalidate = async () => Promise.reject(new Error('away'));
      await cache.delete(key);
      expect(await ask(cache, 'meanwhile')).toMatchObject({ value: 'meanwhile', level: 'source' });
      shared.invalidate = invalidate;
      time.advance(policy.l1.ttlSeconds * 1_000);
      expect(await ask(cache, 'new')).toMatchObject({ value: 'new', level: 'source' });
    });
  });

  it('tells an invalidation that takes long once, and uses the shared level again when it was taken', async () => {
    const shared = new MemoryCacheStore(time.clock);
    const cache = make(shared);
    const { promise, resolve } = withResolvers<void>();
    let told = 0;
    shared.invalidate = () => {
      told += 1;
      return promise;
    };
    await cache.clear();
    time.advance(policy.l2.restMs);
    expect(await levelOf(cache)).toBe('source');
    expect([told, errors]).toEqual([1, [expect.any(DeadlineExceeded), expect.any(DeadlineExceeded)]]);
    resolve();
    time.advance(policy.l2.restMs);
    expect(await levelOf(cache, keyOf('another'))).toBe('source');
    expect(await levelOf(make(shared), keyOf('another'))).toBe('l2');
    expect(told).toBe(1);
  });

  it('tells an invalidation again that came while the same was being told: what was stored in between must go too', async () => {
    const shared = new MemoryCacheStore(time.clock);
    const cache = make(shared);
    const { promise, resolve } = withResolvers<void>();
    let told = 0;
    shared.invalidate = () => {
      told += 1;
      return promise;
    };
    const cleared = [cache.clear(), cache.clear()];
    resolve();
    await Promise.all(cleared);
    expect(told).toBe(2);
  });

  describe('a value whose time is over', () => {
    it('is given while it is computed again, on each level, by one of those who ask', async () => {
      const lifetime = { ttlSeconds: 10 };
      const [cache, other] = [make(store, { staleSeconds: 20 }), make(store, { staleSeconds: 20 })];
      await ask(cache, 'old', lifetime);
      time.advance(10_000);
      const { compute, resolve, runs } = gate<string>();
      const again = (from: TieredCache) => from.getOrCompute(key, compute, lifetime);
      expect(await again(cache)).toEqual({ value: 'old', level: 'l1', stale: true });
      expect(await again(other)).toEqual({ value: 'old', level: 'l2', stale: true });
      expect(await again(cache)).toEqual({ value: 'old', level: 'l1', stale: true });
      await until('one computes and one waits', () => time.pending === 2);
      resolve('new');
      await until('it is there', async () => (await again(cache)).value === 'new');
      time.advance(policy.lease.pollMs);
      await until('it is there too', async () => (await again(other)).value === 'new');
      expect(runs()).toBe(1);
    });

    it('is given no longer than that, nor longer when it cannot be computed', async () => {
      const cache = make(store, { staleSeconds: 20 });
      await ask(cache, 'old', { ttlSeconds: 10 });
      time.advance(29_999);
      const failing = () => cache.getOrCompute(key, async () => Promise.reject(new Error('source is down')));
      expect(await failing()).toEqual({ value: 'old', level: 'l1', stale: true });
      await until('it is told', () => errors.length === 1);
      time.advance(1);
      await expect(failing()).rejects.toThrow('source is down');
    });
  });

  it('shortens lifetimes by chance, so that what was stored together does not end together', async () => {
    const cache = make(store, { jitterRatio: 0.2 }); // half of it, as chance is 0.5 here
    await ask(cache, 'v', { ttlSeconds: 50 });
    time.advance(44_999);
    expect(await levelOf(cache)).toBe('l1');
    time.advance(1);
    expect(await levelOf(cache)).toBe('source');
  });

  it('remembers for a shorter time that there is nothing', async () => {
    const cache = make(store, { missTtlSeconds: 5 });
    await ask(cache, null);
    time.advance(4_999);
    expect(await ask(cache, 'there')).toMatchObject({ value: null, level: 'l1' });
    time.advance(1);
    expect(await ask(cache, 'there')).toMatchObject({ value: 'there', level: 'source' });
  });

  it('lets go by bytes too, and does not keep near what is larger than all of it', async () => {
    const cache = make();
    const put = (name: string, length: number) => cache.getOrCompute(keyOf(name), async () => 'x'.repeat(length));
    await put('a', 600);
    await put('b', 600);
    expect(await levelOf(cache, keyOf('b'))).toBe('l1');
    expect(await levelOf(cache, keyOf('a'))).toBe('l2');
    await put('large', 1_001);
    expect(await levelOf(cache, keyOf('large'))).toBe('l2');
  });
});
