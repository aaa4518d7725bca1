import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import { ask, CacheWorld, gate, key, keyOf, levelOf } from './cache-world.fixture.js';
import type { TieredCache } from './tiered-cache.js';

describe('a tiered cache', () => {
  let world: CacheWorld;
  beforeEach(() => {
    world = new CacheWorld();
  });

  it('finds what a level has, in its time and past it, and computes nothing', async () => {
    const stale = { staleSeconds: 30 };
    const [here, there] = [world.make(stale), world.make(stale)];
    expect(await here.find(key)).toBeUndefined();
    await ask(here, 'kept');
    expect(await here.find(key)).toEqual({ value: 'kept', level: 'l1', stale: false });
    expect(await there.find(key)).toEqual({ value: 'kept', level: 'l2', stale: false });
    world.time.advance(3_600_000);
    expect(await there.find(key)).toEqual({ value: 'kept', level: 'l2', stale: true });
    await here.delete(key);
    expect([await here.find(key), await there.find(key)]).toEqual([undefined, undefined]);
    expect(world.levels).toEqual(['source', 'l1', 'l2', 'l2']);
    expect(world.errors).toEqual([]);
  });

  it('answers from the source, then from this process, and from the shared level in another process', async () => {
    const cache = world.make();
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
    const other = world.make();
    expect(await other.getOrCompute(key, async () => ({ n: 3 }))).toEqual({
      value: { n: 1 },
      level: 'l2',
      stale: false,
    });
    expect(await levelOf(other)).toBe('l1');
    expect(world.levels).toEqual(['source', 'l1', 'l2', 'l1']);
  });

  it('computes once for a thousand callers that come at once', async () => {
    const cache = world.make();
    const { compute, resolve, runs } = gate<string>();
    const answers = Promise.all(Array.from({ length: 1000 }, () => cache.getOrCompute(key, compute)));
    resolve('once');
    expect(new Set((await answers).map(({ value, level }) => `${value} ${level}`))).toEqual(new Set(['once source']));
    expect(runs()).toBe(1);
  });

  it('puts a value in place of another one on both levels, for a time of its own, and not over one that is as new', async () => {
    const cache = world.make();
    await ask(cache, 'old');
    world.time.advance(3_599_000);
    await cache.put(key, 'new');
    world.time.advance(1_000);
    for (const from of [cache, world.make()]) expect(await ask(from)).toMatchObject({ value: 'new' });
    const { compute, resolve, runs } = gate<string>();
    const other = cache.getOrCompute(keyOf('other'), compute);
    await until('it computes', () => runs() === 1);
    const put = cache.put(keyOf('other'), 'put');
    resolve('computed');
    await Promise.all([other, put]);
    expect(await cache.find(keyOf('other'))).toMatchObject({ value: 'computed' });
    expect(world.levels).toEqual(['source', 'l1', 'l2', 'source', 'l1']);
  });

  it('hands a failure to every waiter, and tries again for the next caller', async () => {
    const cache = world.make();
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
    const cache = world.make();
    await cache.getOrCompute(key, nothing);
    expect(await cache.getOrCompute(key, nothing)).toEqual({ value: null, level: 'l1', stale: false });
    expect(await world.make().getOrCompute(key, nothing)).toEqual({ value: null, level: 'l2', stale: false });
  });

  it('refuses to cache what is not JSON, in words', async () => {
    await expect(world.make().getOrCompute(key, async () => undefined)).rejects.toThrow(
      'answer null to cache that there is nothing',
    );
  });

  it('gives all callers one value that none can change, and leaves the one that was computed alone', async () => {
    const cache = world.make();
    const computed = { list: ['a'], nested: { n: 1 } };
    const ask = (from: TieredCache) => from.getOrCompute(key, async () => computed);
    const [first, waiter] = await Promise.all([ask(cache), ask(cache)]);
    for (const { value } of [first, waiter, await ask(cache), await ask(world.make())]) {
      expect(() => value.list.push('changed')).toThrow(TypeError);
      expect(() => {
        value.nested.n = 2;
      }).toThrow(TypeError);
    }
    computed.list.push('changed later');
    expect((await ask(cache)).value).toEqual({ list: ['a'], nested: { n: 1 } });
  });

  it('keeps a field named __proto__ like any other', async () => {
    const cache = world.make();
    const value: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
    await cache.getOrCompute(key, async () => value);
    const hit = await cache.getOrCompute(key, async () => value);
    expect(JSON.stringify(hit.value)).toBe('{"__proto__":{"polluted":true}}');
  });

  it('forgets a deleted value on both levels', async () => {
    const cache = world.make();
    await levelOf(cache);
    await cache.delete(key);
    expect(await levelOf(cache)).toBe('source');
  });

  it('does not keep what was being computed while the key was deleted', async () => {
    const cache = world.make();
    const { compute, resolve, runs } = gate<string>();
    const before = cache.getOrCompute(key, compute);
    await until('it computes', () => runs() === 1);
    await cache.delete(key);
    resolve('out of date');
    expect(await before).toEqual({ value: 'out of date', level: 'source', stale: false });
    expect(await cache.getOrCompute(key, async () => 'new')).toEqual({ value: 'new', level: 'source', stale: false });
    expect((await world.make().getOrCompute(key, async () => 'other')).value).toBe('new');
  });

  it('goes on without a shared level that fails, reports it, and leaves it alone for a while', async () => {
    let asked = 0;
    const down = async () => {
      asked += 1;
      throw new Error('connection refused');
    };
    Object.assign(world.store, { get: down, claim: down, fill: down, invalidate: down, listen: () => () => {} });
    const cache = world.make();
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    await cache.delete(key);
    expect(await levelOf(cache)).toBe('source');
    expect([asked, world.errors.length]).toEqual([1, 1]);
    world.time.advance(1_000);
    expect(await levelOf(cache, keyOf('another'))).toBe('source');
    expect(world.errors).toEqual([1, 2].map(() => new Error('connection refused')));
  });

  it('goes on without a shared level that hangs', async () => {
    const never = () => new Promise<never>(() => undefined);
    Object.assign(world.store, { get: never, claim: never, fill: never, listen: () => () => {} });
    const cache = world.make();
    expect([await levelOf(cache), await levelOf(cache)]).toEqual(['source', 'l1']);
    expect(world.errors).toEqual([expect.any(DeadlineExceeded)]);
  });

  it('takes what another program wrote under its key for no entry', async () => {
    await world.store.claim({ key, token: 't', tags: [], leaseMs: 1_000 });
    await world.store.fill({ key, token: 't', text: '"not an entry"', ttlMs: 60_000, stamps: {} });
    expect(await levelOf(world.make())).toBe('source');
  });
});
