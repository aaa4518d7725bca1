import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { ask, CacheWorld, gate, key, keyOf, levelOf, policy } from './cache-world.fixture.js';
import type { TieredCache } from './tiered-cache.js';

describe('a tiered cache', () => {
  let world: CacheWorld;
  beforeEach(() => {
    world = new CacheWorld();
  });

  it('keeps a value near for its time, shared for longer, and then computes it again', async () => {
    const cache = world.make();
    await levelOf(cache);
    world.time.advance(60_000);
    expect(await levelOf(cache)).toBe('l2');
    world.time.advance(3_540_000);
    expect(await levelOf(cache)).toBe('source');
  });

  it('never outlives the lifetime of a value, whichever level has it', async () => {
    const [cache, other] = [world.make(), world.make()];
    await cache.getOrCompute(key, async () => 'short', { ttlSeconds: 30 });
    world.time.advance(29_000);
    expect(await levelOf(other)).toBe('l2');
    world.time.advance(1000);
    expect([await levelOf(cache), await levelOf(other)]).toEqual(['source', 'l2']);
  });

  it('lets go of what was used least recently when it is full', async () => {
    const cache = world.make();
    for (const input of ['a', 'b', 'a', 'c']) await levelOf(cache, keyOf(input));
    expect([await levelOf(cache, keyOf('a')), await levelOf(cache, keyOf('b'))]).toEqual(['l1', 'l2']);
  });

  describe('a value whose time is over', () => {
    it('is given while it is computed again, on each level, by one of those who ask', async () => {
      const lifetime = { ttlSeconds: 10 };
      const [cache, other] = [world.make({ staleSeconds: 20 }), world.make({ staleSeconds: 20 })];
      await ask(cache, 'old', lifetime);
      world.time.advance(10_000);
      const { compute, resolve, runs } = gate<string>();
      const again = (from: TieredCache) => from.getOrCompute(key, compute, lifetime);
      expect(await again(cache)).toEqual({ value: 'old', level: 'l1', stale: true });
      expect(await again(other)).toEqual({ value: 'old', level: 'l2', stale: true });
      expect(await again(cache)).toEqual({ value: 'old', level: 'l1', stale: true });
      await until('one computes and one waits', () => world.time.pending === 2);
      resolve('new');
      await until('it is there', async () => (await again(cache)).value === 'new');
      world.time.advance(policy.lease.pollMs);
      await until('it is there too', async () => (await again(other)).value === 'new');
      expect(runs()).toBe(1);
    });

    it('is given no longer than that, nor longer when it cannot be computed', async () => {
      const cache = world.make({ staleSeconds: 20 });
      await ask(cache, 'old', { ttlSeconds: 10 });
      world.time.advance(29_999);
      const failing = () => cache.getOrCompute(key, async () => Promise.reject(new Error('source is down')));
      expect(await failing()).toEqual({ value: 'old', level: 'l1', stale: true });
      await until('it is told', () => world.errors.length === 1);
      world.time.advance(1);
      await expect(failing()).rejects.toThrow('source is down');
    });
  });

  it('shortens lifetimes by chance, so that what was stored together does not end together', async () => {
    const cache = world.make({ jitterRatio: 0.2 }); // half of it, as chance is 0.5 here
    await ask(cache, 'v', { ttlSeconds: 50 });
    world.time.advance(44_999);
    expect(await levelOf(cache)).toBe('l1');
    world.time.advance(1);
    expect(await levelOf(cache)).toBe('source');
  });

  it('remembers for a shorter time that there is nothing', async () => {
    const cache = world.make({ missTtlSeconds: 5 });
    await ask(cache, null);
    world.time.advance(4_999);
    expect(await ask(cache, 'there')).toMatchObject({ value: null, level: 'l1' });
    world.time.advance(1);
    expect(await ask(cache, 'there')).toMatchObject({ value: 'there', level: 'source' });
  });

  it('lets go by bytes too, and does not keep near what is larger than all of it', async () => {
    const cache = world.make();
    const put = (name: string, length: number) => cache.getOrCompute(keyOf(name), async () => 'x'.repeat(length));
    await put('a', 600);
    await put('b', 600);
    expect(await levelOf(cache, keyOf('b'))).toBe('l1');
    expect(await levelOf(cache, keyOf('a'))).toBe('l2');
    await put('large', 1_001);
    expect(await levelOf(cache, keyOf('large'))).toBe('l2');
  });
});
