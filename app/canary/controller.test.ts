import { beforeEach, describe, expect, it } from '@jest/globals';
import { canary, canaryPolicy as policy } from '../../contract/index.js';
import { MemoryReleaseStore } from '../adapters/memory/memory-release-store.js';
import { testOptions } from '../runtime/service.fixture.js';
import type { Look, Sample } from './canary-metrics.js';
import { type ControllerDeps, tick } from './controller.js';

const HEALTHY: Sample = { requests: 600, errors: 0, latency: { baselineSeconds: 0.8, slowRequests: 0 } };
const BROKEN: Sample = { ...HEALTHY, errors: 300 };

/** A world around the controller, in which a minute passes before each look. */
class World {
  nowMs = Date.UTC(2026, 0, 1);
  answer: () => Sample = () => HEALTHY;
  routerFails = false;
  readonly looks: Look[] = [];
  readonly weights: number[] = [];
  readonly options = testOptions(canary);
  readonly deps: ControllerDeps = {
    ...this.options,
    canaryMetrics: {
      sample: async (_release, look) => {
        this.looks.push(look);
        return this.answer();
      },
    },
    router: {
      dryRun: false,
      setWeight: async (_release, percent) => {
        if (this.routerFails) throw new Error('the mesh is away');
        this.weights.push(percent);
      },
    },
    store: new MemoryReleaseStore(),
    policy,
    clock: () => this.nowMs,
  };

  async look() {
    this.nowMs += 60_000;
    return tick('chat', this.deps);
  }

  async lookFor(minutes: number) {
    for (let minute = 0; minute < minutes; minute++) await this.look();
  }
}

describe('a release', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('goes through every step to the end, and sets each weight once', async () => {
    await world.lookFor(5 * 30 + 1);
    expect(world.weights).toEqual([5, 15, 30, 50, 100]);
    expect(await world.look()).toMatchObject({ verdict: 'promoted', routedPercent: 100 });
  });

  it('is taken back when it breaks at 30 %, and stays back when it looks well again', async () => {
    await world.lookFor(61);
    world.answer = () => BROKEN;
    await world.look();
    world.answer = () => HEALTHY;
    await world.lookFor(40);
    expect(world.weights).toEqual([5, 15, 30, 0]);
  });

  it('goes on where it was when the controller starts anew in the middle of a step', async () => {
    await world.lookFor(45);
    const restarted = new World();
    restarted.nowMs = world.nowMs;
    Object.assign(restarted.deps, { store: world.deps.store });
    await restarted.lookFor(16);
    expect([world.weights, restarted.weights]).toEqual([[5, 15], [30]]);
  });

  it('tells the weight as a metric, also after a restart that changes none', async () => {
    await world.look();
    const restarted = testOptions(canary);
    world.nowMs += 60_000;
    await tick('chat', { ...world.deps, ...restarted });
    expect(await restarted.metrics.expose()).toContain('canary_weight_ratio{release="chat"} 0.05');
  });

  it('takes samples that adjoin, over a failed look too', async () => {
    await world.look();
    world.answer = () => {
      throw new Error('Prometheus is away');
    };
    await world.look();
    world.answer = () => HEALTHY;
    await world.look();
    const [first, second, third] = world.looks;
    expect(first?.toMs).toBe((first?.fromMs ?? 0) + 60_000);
    expect([second?.fromMs, third?.fromMs]).toEqual([first?.toMs, first?.toMs]);
  });

  it('passes the last stable p99 on to the next sample', async () => {
    await world.lookFor(2);
    expect(world.looks.map(({ baselineSeconds }) => baselineSeconds)).toEqual([null, 0.8]);
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
    'takes %s for no data: it never passes, and is taken back after the bound',
    async (_what, answer: () => Sample) => {
      await world.lookFor(29);
      world.answer = answer;
      await world.lookFor(15);
      expect(world.weights).toEqual([5]);
      await world.look();
      expect(world.weights).toEqual([5, 0]);
    },
  );

  it('asks the router again until it has followed', async () => {
    await world.look();
    world.answer = () => BROKEN;
    world.routerFails = true;
    await expect(world.look()).rejects.toThrow('the mesh is away');
    await expect(world.look()).rejects.toThrow('the mesh is away');
    world.routerFails = false;
    expect(await world.look()).toMatchObject({ verdict: 'rollback', routedPercent: 0 });
    expect(world.weights).toEqual([5, 0]);
  });
});
