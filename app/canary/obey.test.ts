import { beforeEach, describe, expect, it } from '@jest/globals';
import { chatReleases } from './chat-releases.js';
import { RecordingCluster, slot, World } from './release-world.fixture.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a command', () => {
  it('aborts at once; retry begins anew; promote gives it all traffic', async () => {
    await world.lookFor(40);
    world.command('abort');
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', reason: 'aborted by hand.' });
    world.command('retry');
    await world.lookFor(2);
    world.command('promote');
    await world.look();
    expect(world.status).toMatchObject({ phase: 'Promoted', stable: 'v2' });
    expect(world.shares).toEqual([0, 5, 15, 0, 5, 100]);
  });

  it('lets the pods go at once that a canary was to have when it is aborted; how fast its autoscaler follows is its behaviour', async () => {
    world.cluster.slots.set('chat', slot('a', 10));
    await world.lookFor(65);
    expect(await world.floorsAfterLook()).toBe('chat 10, chat-v2 3');
    world.command('abort');
    expect(await world.floorsAfterLook()).toBe('chat 0, chat-v2 0');
  });

  it('that aborts keeps nobody from the next release in the same slot', async () => {
    await world.lookFor(40);
    world.command('abort');
    await world.look();
    world.cluster.slots.set('chat-v2', slot('c'));
    await world.lookFor(2 + 30);
    expect(world.status).toMatchObject({ phase: 'Progressing', canaryRevision: 'c' });
    expect(world.shares).toEqual([0, 5, 15, 0, 5, 15]);
  });

  it('is followed once, and not for a later release', async () => {
    await world.lookFor(40);
    world.command('abort');
    await world.look();
    world.cluster.slots.set('chat-v2', slot('c'));
    await world.lookFor(2);
    world.command('abort', 'b');
    await world.lookFor(2);
    expect(world.status).toMatchObject({ phase: 'Progressing', canaryRevision: 'c' });
  });

  it('approves a step where the policy waits for that', async () => {
    const policy = { ...chatReleases.policy, approval: 'manual' as const };
    world = new World(new RecordingCluster({ ...chatReleases, policy }, false));
    await world.lookFor(90);
    expect(world.shares).toEqual([0, 5]);
    world.command('approve');
    await world.lookFor(60);
    expect(world.shares).toEqual([0, 5, 15]);
  });
});
