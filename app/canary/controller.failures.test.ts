import { beforeEach, describe, expect, it } from '@jest/globals';
import { canaryPolicy } from '../../contract/index.js';
import type { Sample } from './canary-metrics.js';
import { tick } from './controller.js';
import { BROKEN, HEALTHY, slot, World } from './release-world.fixture.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('measurements', () => {
  it('adjoin, over a failed look too, and pass the last stable p99 on', async () => {
    await world.lookFor(3);
    world.answer = () => {
      throw new Error('Prometheus is away');
    };
    await world.look();
    world.answer = () => HEALTHY;
    await world.look();
    const [first, second, third] = world.looks;
    expect(first).toMatchObject({ toMs: (first?.fromMs ?? 0) + 60_000, baselineSeconds: null });
    expect([second?.fromMs, third?.fromMs]).toEqual([first?.toMs, first?.toMs]);
    expect([second?.baselineSeconds, third?.baselineSeconds]).toEqual([0.8, 0.8]);
  });

  it('are taken when they are due, however often somebody looks', async () => {
    await world.lookFor(2);
    for (let i = 0; i < 5; i++) await tick(world.cluster.release, world.deps);
    expect(world.looks).toHaveLength(0);
  });

  it.each([
    [
      'an error',
      () => {
        throw new Error('Prometheus is away');
      },
    ],
    ['a count that is no number', () => ({ ...HEALTHY, errors: Number.NaN })],
    ['a negative count', () => ({ ...HEALTHY, requests: -1 })],
    [
      'a stable p99 that is no number',
      () => ({ ...HEALTHY, latency: { baselineSeconds: Number.NaN, slowRequests: 0 } }),
    ],
  ])(
    'that are %s are no data: it never passes, and is taken back after the bound',
    async (_what, answer: () => Sample) => {
      await world.lookFor(30);
      world.answer = answer;
      await world.lookFor(canaryPolicy.maxBlindSeconds / 60);
      expect(world.shares).toEqual([0, 5]);
      await world.look();
      expect(world.shares).toEqual([0, 5, 0]);
    },
  );
});

describe('a cluster that fails', () => {
  it('is asked again until traffic has followed', async () => {
    await world.lookFor(2);
    world.answer = () => BROKEN;
    const route = world.cluster.route.bind(world.cluster);
    world.cluster.route = async () => {
      throw new Error('the API server is away');
    };
    await expect(world.look()).rejects.toThrow('the API server is away');
    await expect(world.look()).rejects.toThrow('the API server is away');
    world.cluster.route = route;
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', routedPercent: 0 });
    expect(world.shares).toEqual([0, 5, 0]);
  });

  it('takes the canary back when it was away for longer than the bound, and goes on when it was for less', async () => {
    await world.lookFor(2);
    world.nowMs += canaryPolicy.maxBlindSeconds * 1000;
    await world.look();
    expect(world.status.phase).toBe('Progressing');
    world.nowMs += canaryPolicy.maxBlindSeconds * 1000 + 1000;
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', percent: 0 });
    expect(world.status.reason).toMatch(/^v2 was not judged for 901 s after it was due/);
  });

  it('never gives traffic back to the old release when it fails in the midst of a promotion', async () => {
    await world.lookFor(2 + 5 * 30 - 1);
    world.cluster.slots.set('chat', slot('a', 0));
    const { save, route } = world.cluster;
    world.cluster.save = async () => {
      throw new Error('the API server is away');
    };
    await expect(world.look()).rejects.toThrow('the API server is away');
    world.cluster.save = save;
    world.cluster.route = async () => {
      throw new Error('the API server is away');
    };
    await expect(world.look()).rejects.toThrow('the API server is away');
    world.cluster.route = route;
    await world.lookFor(5);
    expect(world.status).toMatchObject({ phase: 'Promoted', stable: 'v2', routedPercent: 0 });
    expect(world.shares).toEqual([0, 5, 15, 30, 50, 100]);
  });

  it('has a look that another was quicker than do nothing', async () => {
    await world.lookFor(2);
    const stale = world.cluster.release;
    await world.look();
    const splits = world.cluster.splits.length;
    await expect(tick({ ...stale, generation: 9 }, world.deps)).rejects.toThrow('was changed by somebody else');
    expect(world.cluster.splits).toHaveLength(splits);
  });
});
