import { beforeEach, describe, expect, it } from '@jest/globals';
import { canaryPolicy } from '../../contract/index.js';
import { HEALTHY, slot, World } from './release-world.fixture.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a clock that was ahead of the one of the controller that is there now', () => {
  const DAY_MS = 86_400_000;

  it('keeps no canary from being judged until that time has come', async () => {
    await world.lookFor(20);
    world.nowMs -= DAY_MS;
    world.answer = () => ({ ...HEALTHY, requests: 10_000, errors: 10_000 });
    await world.lookFor(2);
    expect([world.status.phase, world.shares]).toEqual(['RolledBack', [0, 5, 0]]);
  });

  it('takes nothing from the time that a step has had, nor adds to it', async () => {
    await world.lookFor(20);
    world.nowMs -= DAY_MS;
    await world.lookFor(12);
    expect(world.shares).toEqual([0, 5]);
    await world.look();
    expect(world.shares).toEqual([0, 5, 15]);
  });

  it('gives nothing that is waited for a longer bound', async () => {
    world.cluster.slots.set('chat-v2', slot('b', 0));
    await world.lookFor(10);
    world.nowMs -= DAY_MS;
    await world.lookFor(canaryPolicy.maxBlindSeconds / 60 + 2);
    expect(world.status.phase).toBe('RolledBack');
  });
});
