import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import type { InvalidationMessage } from './cache-store.js';
import { cacheTag } from './cache-tag.js';
import { ask, CacheWorld, gate, key, keyOf, levelOf, policy, withResolvers } from './cache-world.fixture.js';

describe('a tiered cache', () => {
  let world: CacheWorld;
  beforeEach(() => {
    world = new CacheWorld();
  });

  describe('over several replicas', () => {
    it('computes once for all of them', async () => {
      const { compute, resolve, runs } = gate<string>();
      const answers = [world.make(), world.make(), world.make()].map((cache) => cache.getOrCompute(key, compute));
      await until('two wait for the third', () => world.time.pending === 3);
      resolve('once');
      await until('the third is done', () => world.levels.length === 1);
      world.time.advance(policy.lease.pollMs);
      const levelsOfAll = (await Promise.all(answers)).map(({ value, level }) => `${value} ${level}`).sort();
      expect(levelsOfAll).toEqual(['once l2', 'once l2', 'once source']);
      expect([runs(), world.time.pending]).toEqual([1, 0]);
    });

    it('goes on waiting for a computation that outlasts the lease, and takes over from one that died', async () => {
      const slow = gate<string>();
      const first = world.make().getOrCompute(key, slow.compute);
      await until('it computes', () => slow.runs() === 1);
      const second = world.make().getOrCompute(key, async () => 'again');
      for (let i = 0; i < 10; i += 1) {
        await until('the second waits', () => world.time.pending === 2);
        world.time.advance(policy.lease.ms / 4);
      }
      slow.resolve('slow');
      expect((await first).value).toBe('slow');
      await until('the second waits', () => world.time.pending === 1);
      world.time.advance(policy.lease.pollMs);
      expect(await second).toEqual({ value: 'slow', level: 'l2', stale: false });

      await world.store.claim({ key: keyOf('dead'), token: 'dead', tags: [], leaseMs: policy.lease.ms });
      const heir = world.make().getOrCompute(keyOf('dead'), async () => 'taken over');
      await until('it waits', () => world.time.pending === 1);
      world.time.advance(policy.lease.ms);
      expect(await heir).toEqual({ value: 'taken over', level: 'source', stale: false });
    });

    it('hands a claim on when the computation fails', async () => {
      const { compute, reject } = gate<string>();
      const failing = world.make().getOrCompute(key, compute);
      await until('it computes', () => world.time.pending === 1);
      const waiting = world.make().getOrCompute(key, async () => 'better');
      await until('the other waits', () => world.time.pending === 2);
      reject(new Error('source is down'));
      await expect(failing).rejects.toThrow('source is down');
      world.time.advance(policy.lease.pollMs);
      expect((await waiting).value).toBe('better');
    });

    it('computes for itself when another takes too long', async () => {
      await world.store.claim({ key, token: 'another', tags: [], leaseMs: 60_000 });
      const answer = world.make().getOrCompute(key, async () => 'own');
      for (let waitedMs = 0; waitedMs < policy.lease.waitMs; waitedMs += policy.lease.pollMs) {
        await until('it waits', () => world.time.pending === 1);
        world.time.advance(policy.lease.pollMs);
      }
      expect((await answer).value).toBe('own');
    });

    it('forgets in all of them what one invalidates, by key, by tag or altogether', async () => {
      const [one, other] = [world.make(), world.make()];
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
      const cache = world.make();
      await ask(cache, 'v', { tags: [cacheTag('acme', 'a'), cacheTag('acme', 'b')] });
      await cache.deleteTag(cacheTag('globex', 'a'));
      await cache.deleteTag(cacheTag('acme', 'c'));
      expect(await levelOf(cache)).toBe('l1');
      await cache.deleteTag(cacheTag('acme', 'b'));
      expect(await levelOf(cache)).toBe('source');
    });

    it('does not give what bears an invalidated tag to one who asks without naming the tag', async () => {
      const tag = cacheTag('acme', 'a');
      await ask(world.make(), 'v', { tags: [tag] });
      expect(await levelOf(world.make())).toBe('l2');
      await world.store.invalidate({ tag }, 'elsewhere');
      expect(await levelOf(world.make())).toBe('source');
    });

    it('does not keep what another replica computed while a tag was invalidated', async () => {
      const tag = cacheTag('acme', 'a');
      const { compute, resolve } = gate<string>();
      const [one, other] = [world.make(), world.make()];
      const before = one.getOrCompute(key, compute, { tags: [tag] });
      await until('it computes', () => world.time.pending === 1);
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
      world.store.listen = listen;
      const cache = world.make();
      await levelOf(cache);
      expect(await levelOf(cache)).toBe('l1');
      tell('lost');
      expect(await levelOf(cache)).toBe('l2');
    });

    it('tells an invalidation that the shared level could not take as soon as it can, before it trusts it again', async () => {
      const cache = world.make();
      await ask(cache, 'old');
      const { invalidate } = world.store;
      world.store.invalidate = async () => Promise.reject(new Error('away'));
      await cache.delete(key);
      expect(await ask(cache, 'meanwhile')).toMatchObject({ value: 'meanwhile', level: 'source' });
      world.store.invalidate = invalidate;
      world.time.advance(policy.l1.ttlSeconds * 1_000);
      expect(await ask(cache, 'new')).toMatchObject({ value: 'new', level: 'source' });
    });
  });

  it('tells an invalidation that takes long once, and uses the shared level again when it was taken', async () => {
    const cache = world.make();
    const { promise, resolve } = withResolvers<void>();
    let told = 0;
    world.store.invalidate = () => {
      told += 1;
      return promise;
    };
    await cache.clear();
    world.time.advance(policy.l2.restMs);
    expect(await levelOf(cache)).toBe('source');
    expect([told, world.errors]).toEqual([1, [expect.any(DeadlineExceeded), expect.any(DeadlineExceeded)]]);
    resolve();
    world.time.advance(policy.l2.restMs);
    expect(await levelOf(cache, keyOf('another'))).toBe('source');
    expect(await levelOf(world.make(), keyOf('another'))).toBe('l2');
    expect(told).toBe(1);
  });

  it('tells an invalidation again that came while the same was being told: what was stored in between must go too', async () => {
    const cache = world.make();
    const { promise, resolve } = withResolvers<void>();
    let told = 0;
    world.store.invalidate = () => {
      told += 1;
      return promise;
    };
    const cleared = [cache.clear(), cache.clear()];
    resolve();
    await Promise.all(cleared);
    expect(told).toBe(2);
  });
});
