import { beforeEach, describe, expect, it } from '@jest/globals';
import { chatReleases } from './chat-releases.js';
import { tick } from './controller.js';
import { BROKEN, HEALTHY, RecordingCluster, slot, World } from './release-world.fixture.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a release', () => {
  it('goes through every step to the end, changes the roles of the slots, and is ready for the next', async () => {
    await world.lookFor(2 + 5 * 30);
    expect(world.shares).toEqual([0, 5, 15, 30, 50, 100]);
    expect(world.status).toMatchObject({ phase: 'Promoted', stable: 'v2', canary: 'v1', percent: 0, routedPercent: 0 });

    world.cluster.slots.set('chat', slot('c'));
    await world.lookFor(2);
    expect(world.status).toMatchObject({ phase: 'Progressing', stable: 'v2', canary: 'v1', percent: 5 });
    expect(world.shares.slice(-2)).toEqual([100, 95]);
    await world.lookFor(5 * 30);
    expect([world.status.stable, world.shares.at(-1)]).toEqual(['v1', 0]);
  });

  it('is none while the second slot has the images of the first', async () => {
    world.cluster.slots.set('chat-v2', { ...slot('b'), images: slot('a').images });
    await world.lookFor(60);
    expect(world.status).toMatchObject({ phase: 'Idle', reason: 'v2 has the images of v1: nothing to release.' });
    expect(world.shares).toEqual([0]);
  });

  it('is taken back when it breaks at 30 %, and stays back when it looks well again, until another comes', async () => {
    await world.lookFor(63);
    world.answer = () => BROKEN;
    await world.look();
    world.answer = () => HEALTHY;
    await world.lookFor(40);
    expect(world.shares).toEqual([0, 5, 15, 30, 0]);
    world.cluster.slots.set('chat-v2', slot('c'));
    await world.lookFor(2);
    expect(world.status).toMatchObject({ phase: 'Progressing', canaryRevision: 'c', percent: 5 });
  });

  it('goes on where it was when the controller starts anew in the middle of a step', async () => {
    await world.lookFor(45);
    const restarted = new World(world.cluster);
    restarted.nowMs = world.nowMs;
    await restarted.lookFor(18);
    expect(world.shares).toEqual([0, 5, 15, 30]);
  });

  it('asks for the pods that each share needs as it comes, of those that bear all traffic, and for none when it has ended', async () => {
    world.cluster.slots.set('chat', slot('a', 10));
    const seen = [await world.floorsAfterLook()];
    for (let minute = 0; minute < 2 + 5 * 30; minute++) {
      if (world.status.percent === 30) world.cluster.slots.set('chat', slot('a', 16));
      const floors = await world.floorsAfterLook();
      if (floors !== seen.at(-1)) seen.push(floors);
    }
    expect(seen).toEqual([
      ...['chat 10, chat-v2 1', 'chat 10, chat-v2 2', 'chat 10, chat-v2 3'],
      // The traffic has grown meanwhile.
      ...['chat 16, chat-v2 5', 'chat 16, chat-v2 8', 'chat 16, chat-v2 16'],
      'chat 0, chat-v2 0',
    ]);
  });

  it('begins with requests that are mirrored where the policy says so: nobody sees the canary before it was judged', async () => {
    const policy = { ...chatReleases.policy, mirrorPercent: 20 };
    world = new World(new RecordingCluster({ ...chatReleases, policy }, false));
    await world.lookFor(2);
    expect(world.status).toMatchObject({ phase: 'Progressing', percent: 0, mirrorPercent: 20 });
    expect(world.cluster.splits.at(-1)).toMatchObject({ percent: 0, mirrorPercent: 20, beta: false });
    await world.lookFor(30);
    expect(world.status).toMatchObject({ percent: 5, mirrorPercent: 0 });
    expect(world.cluster.splits.at(-1)).toMatchObject({ percent: 5, mirrorPercent: 0, beta: true });
  });

  it('is taken back from the mirrored step when it breaks there, and nobody has seen it', async () => {
    const policy = { ...chatReleases.policy, mirrorPercent: 20 };
    world = new World(new RecordingCluster({ ...chatReleases, policy }, false));
    world.answer = () => BROKEN;
    await world.lookFor(3);
    expect([world.status.phase, world.status.mirrorPercent, world.shares]).toEqual(['RolledBack', 0, [0]]);
  });

  it('sends beta users to the canary while it is tried, and no longer', async () => {
    await world.lookFor(2);
    world.command('abort');
    await world.look();
    expect(world.cluster.splits.map(({ beta }) => beta)).toEqual([false, true, false]);
  });

  it('tells of its beginning, each step and its end', async () => {
    await world.lookFor(33);
    world.answer = () => BROKEN;
    await world.look();
    expect(world.cluster.events.map(({ type, reason }) => [type, reason])).toEqual([
      ['Normal', 'ReleaseBegun'],
      ['Normal', 'Advanced'],
      ['Normal', 'Advanced'],
      ['Warning', 'RolledBack'],
    ]);
    const exposed = await world.options.metrics.expose();
    expect(exposed).toContain('canary_releases_ended_total{release="chat",outcome="rollback"} 1');
    expect(exposed).toContain('canary_weight_ratio{release="chat"} 0');
  });

  it('tells when the stable release is changed with no canary before it', async () => {
    await world.lookFor(2 + 5 * 30);
    world.cluster.slots.set('chat-v2', slot('z'));
    await world.look();
    expect(world.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'StableChanged' });
  });
});

describe('what changes under way', () => {
  it.each([
    ['a new revision of the canary', () => world.cluster.slots.set('chat-v2', slot('c')), 'v2 was changed under way'],
    [
      'a changed stable release',
      () => world.cluster.slots.set('chat', slot('c')),
      'v1, the stable release, was changed',
    ],
    [
      'a changed policy',
      () => Object.assign(world.cluster.release, { generation: 2 }),
      'what it is judged by was changed',
    ],
  ])('makes it begin anew: %s', async (_what, change, reason) => {
    await world.lookFor(40);
    change();
    await world.look();
    expect(world.status).toMatchObject({ phase: 'Progressing', percent: 0, analysis: null });
    expect(world.status.reason).toContain(reason);
    await world.lookFor(1 + 30);
    expect(world.shares).toEqual([0, 5, 15, 0, 5, 15]);
  });

  it('takes it back at once when the canary is deleted', async () => {
    await world.lookFor(40);
    world.cluster.slots.delete('chat-v2');
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', reason: 'v2 was deleted.' });
    expect(world.shares).toEqual([0, 5, 15, 0]);
  });

  it('leaves all as it is while the stable release is not deployed: there is nothing to take it back to', async () => {
    await world.lookFor(40);
    world.cluster.slots.delete('chat');
    world.answer = () => BROKEN;
    await world.lookFor(60);
    expect(world.shares).toEqual([0, 5, 15]);
    expect(world.status.reason).toMatch(/^v1, the stable release, is not deployed/);
  });

  it('waits for the canary to be ready before it gets traffic, and gives up after the bound', async () => {
    world.cluster.slots.set('chat-v2', slot('b', 0));
    await world.lookFor(16);
    expect([world.shares, world.status.phase]).toEqual([[0], 'Progressing']);
    await world.look();
    expect(world.status.phase).toBe('RolledBack');
  });

  it('gives the canary no traffic before what stood in its slot is out of the measurements, which reach back by a scrape', async () => {
    await world.look();
    world.nowMs += 14_000;
    await tick(world.cluster.release, world.deps);
    expect(world.shares).toEqual([0]);
    world.nowMs += 1_000;
    await tick(world.cluster.release, world.deps);
    expect(world.shares).toEqual([0, 5]);
  });

  it('takes pods that are gone for no data, whatever the metrics still say', async () => {
    await world.lookFor(10);
    world.cluster.slots.set('chat-v2', slot('b', 0));
    await world.lookFor(30);
    expect(world.status).toMatchObject({ phase: 'RolledBack' });
    expect(world.shares).toEqual([0, 5, 0]);
  });

  it('has the stable release answer for a canary without a ready pod, beta users too, until one is back', async () => {
    await world.lookFor(2 + 4 * 30);
    expect(world.shares.at(-1)).toBe(100);
    world.cluster.slots.set('chat-v2', slot('b', 0));
    await world.look();
    expect(world.status).toMatchObject({ phase: 'Progressing', percent: 100, routedPercent: 0 });
    expect(world.cluster.splits.at(-1)).toMatchObject({ stable: 'v1', percent: 0, beta: false });
    world.cluster.slots.set('chat-v2', slot('b', 1));
    await world.look();
    expect(world.shares.slice(-3)).toEqual([100, 0, 100]);
    expect(world.cluster.splits.at(-1)).toMatchObject({ beta: true });
  });

  it('is promoted though no stable pod is ready: what it has had already is nothing to take away', async () => {
    await world.lookFor(2 + 4 * 30);
    world.cluster.slots.set('chat', slot('a', 0));
    await world.lookFor(32);
    expect(world.status).toMatchObject({ phase: 'Promoted', stable: 'v2' });
    expect(world.shares).toEqual([0, 5, 15, 30, 50, 100]);
  });

  it('never sends traffic back to stable pods that are not ready while the canary has ready ones', async () => {
    await world.lookFor(40);
    world.cluster.slots.set('chat', slot('a', 0));
    world.answer = () => BROKEN;
    await world.lookFor(3);
    expect([world.status.phase, world.status.routedPercent, world.shares]).toEqual(['RolledBack', 15, [0, 5, 15]]);
    world.cluster.slots.set('chat', slot('a', 1));
    await world.look();
    expect(world.shares).toEqual([0, 5, 15, 0]);
  });
});
