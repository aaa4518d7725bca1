import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryCacheStore } from '../adapters/memory/memory-cache-store.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import { cacheKey } from './cache-key.js';
import type { CacheStore } from './cache-store.js';
import { type CacheLevel, TieredCache } from './tiered-cache.js';

const policy = { l1: { entries: 2, ttlSeconds: 60 }, l2: { ttlSeconds: 3600, timeoutMs: 5 } };
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
  let now: number;
  let store: CacheStore;
  let levels: CacheLevel[];
  let errors: unknown[];
  const clock = () => now;
  const make = (shared: CacheStore = store) =>
    new TieredCache({
      store: shared,
      clock,
      policy,
      onLookup: (level) => levels.push(level),
      onStoreError: (error) => errors.push(error),
    });
  const levelOf = async (cache: TieredCache, of = key) => (await cache.getOrCompute(of, async () => 'computed')).level;

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1);
    store = new MemoryCacheStore(clock);
    levels = [];
    errors = [];
  });

  it('answers from the source, then from this process, and from the shared level in another process', async () => {
    const cache = make();
    expect(await cache.getOrCompute(key, async () => ({ n: 1 }))).toEqual({ value: { n: 1 }, level: 'source' });
    expect(await cache.getOrCompute(key, async () => ({ n: 2 }))).toEqual({ value: { n: 1 }, level: 'l1' });
    const other = make();
    expect(await other.getOrCompute(key, async () => ({ n: 3 }))).toEqual({ value: { n: 1 }, level: 'l2' });
    expect(await levelOf(other)).toBe('l1');
    expect(levels).toEqual(['source', 'l1', 'l2', 'l1']);
  });

  it('keeps a value near for its time, shared for longer, and then computes it again', async () => {
    const cache = make();
    await levelOf(cache);
    now += 60_000;
    expect(await levelOf(cache)).toBe('l2');
    now += 3_540_000;
    expect(await levelOf(cache)).toBe('source');
  });

  it('never outlives the lifetime of a value, whichever level has it', async () => {
    const [cache, other] = [make(), make()];
    await cache.getOrCompute(key, async () => 'short', { ttlSeconds: 30 });
    now += 29_000;
    expect(await levelOf(other)).toBe('l2');
    now += 1000;
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
    expect(await cache.getOrCompute(key, nothing)).toEqual({ value: null, level: 'l1' });
    expect(await make().getOrCompute(key, nothing)).toEqual({ value: null, level: 'l2' });
  });

  it('refuses to cache what is not JSON, in words', async () => {
    await expect(make().getOrCompute(key, async () => undefined)).rejects.toThrow(
      'answer null to cache that there is nothing',
    );
  });

  it('gives every caller a value of its own', async () => {
    const cache = make();
    const computed = { list: ['a'], nested: { n: 1 } };
    const ask = () => cache.getOrCompute(key, async () => computed);
    const [first, waiter] = await Promise.all([ask(), ask()]);
    const hit = await ask();
    for (const { value } of [first, waiter, hit]) {
      expect(value).toEqual({ list: ['a'], nested: { n: 1 } });
      value.list.push('changed');
      value.nested.n = 2;
    }
    expect(computed).toEqual({ list: ['a'], nested: { n: 1 } });
    expect((await ask()).value).toEqual({ list: ['a'], nested: { n: 1 } });
  });

  it('copies a field named __proto__ like any other', async () => {
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
    const { compute, resolve } = gate<string>();
    const before = cache.getOrCompute(key, compute);
    await cache.delete(key);
    resolve('out of date');
    expect(await before).toEqual({ value: 'out of date', level: 'source' });
    expect(await cache.getOrCompute(key, async () => 'new')).toEqual({ value: 'new', level: 'source' });
    expect((await make().getOrCompute(key, async () => 'other')).value).toBe('new');
  });

  it('goes on without a shared level that fails, and reports it', async () => {
    const down = async () => Promise.reject(new Error('connection refused'));
    const cache = make({ get: down, set: down, delete: down });
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    await cache.delete(key);
    expect(errors).toEqual([1, 2, 3].map(() => new Error('connection refused')));
  });

  it('goes on without a shared level that hangs', async () => {
    const never = () => new Promise<never>(() => undefined);
    const cache = make({ get: never, set: never, delete: never });
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    expect(errors).toEqual([expect.any(DeadlineExceeded), expect.any(DeadlineExceeded)]);
  });

  it('takes what another program wrote under its key for no entry', async () => {
    await store.set(key, 'not an entry', 60);
    expect(await levelOf(make())).toBe('source');
  });
});
