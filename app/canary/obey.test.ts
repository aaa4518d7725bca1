import { beforeEach, describe, expect, it } from '@jest/globals';
import { chatReleases } from './chat-releases.js';
import { BROKEN, RecordingCluster, slot, World } from './release-world.fixture.js';

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

describe('a promotion by hand', () => {
  const BEARING = 10;

  /** Autoscalers follow the floors, but those of the test: the canary has the pods that it is given. */
  async function atFirstStep(readyReplicas = 1) {
    world = new World(new RecordingCluster({ ...chatReleases, maxReplicas: 100 }, false));
    world.cluster.slots.set('chat', slot('a', BEARING));
    world.cluster.slots.set('chat-v2', slot('b', readyReplicas));
    await world.lookFor(3);
    expect(world.shares).toEqual([0, 5]);
    world.command('promote');
  }

  it('has as many pods as all traffic needs come first, and tells so', async () => {
    await atFirstStep();
    expect(await world.floorsAfterLook()).toBe('chat 10, chat-v2 10');
    expect(world.status).toMatchObject({
      ...{ phase: 'Progressing', verdict: 'hold', awaits: 'promotion', percent: 5 },
      reason: 'v2 has 1 of 10 ready pods for 100 % after 0 s (at most 900 s).',
    });
    await world.lookFor(10);
    expect(world.shares).toEqual([0, 5]);
    world.cluster.slots.set('chat-v2', slot('b', BEARING));
    await world.look();
    expect(world.status).toMatchObject({ phase: 'Promoted', reason: 'promoted by hand.', awaits: undefined });
    expect(world.shares).toEqual([0, 5, 100]);
  });

  it('takes no step of its own meanwhile, and is rolled back when the pods do not come', async () => {
    await atFirstStep(5);
    await world.lookFor(16);
    expect([world.status.phase, world.status.awaits]).toEqual(['Progressing', 'promotion']);
    await world.look();
    expect(world.status).toMatchObject({
      phase: 'RolledBack',
      reason: 'v2 has 5 of 10 ready pods for 100 % after 960 s (at most 900 s).',
    });
    expect(world.shares).toEqual([0, 5, 0]);
  });

  it('takes none at the end of a step either, whose pods would be there', async () => {
    await atFirstStep(5);
    world.cluster.release = { ...world.cluster.release, command: '' };
    await world.lookFor(20);
    world.command('promote');
    await world.lookFor(12);
    expect([world.status.awaits, world.shares]).toEqual(['promotion', [0, 5]]);
  });

  it('is taken back when it breaks while its pods come', async () => {
    await atFirstStep();
    await world.look();
    world.answer = () => BROKEN;
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', reason: expect.stringMatching(/^v2 fails too often/) });
  });

  it('waits for none where the stable release has no ready pod', async () => {
    await atFirstStep();
    world.cluster.slots.set('chat', slot('a', 0));
    await world.look();
    expect([world.status.phase, world.shares]).toEqual(['Promoted', [0, 5, 100]]);
  });

  it('before the first step asks no webhook', async () => {
    const hook = { name: 'gate', type: 'pre-rollout', url: 'http://hooks/', timeoutSeconds: 10 } as const;
    world = new World(new RecordingCluster({ ...chatReleases, webhooks: [hook], maxReplicas: 100 }, false));
    world.refusals.add('gate');
    await world.lookFor(4);
    const asked = world.calls.length;
    world.cluster.slots.set('chat-v2', slot('b', 1));
    world.command('promote');
    await world.lookFor(3);
    expect([world.status.awaits, world.shares, world.calls.length]).toEqual(['promotion', [0], asked + 1]);
    world.cluster.slots.set('chat-v2', slot('b', 2));
    await world.look();
    expect(world.status.phase).toBe('Promoted');
  });

  it('is not followed for what has come into the slot since', async () => {
    await world.lookFor(40);
    world.cluster.slots.set('chat-v2', slot('c'));
    world.command('promote', 'b');
    await world.lookFor(2);
    expect(world.status).toMatchObject({ phase: 'Progressing', canaryRevision: 'c', stable: 'v1' });
  });
});
