import { beforeEach, describe, expect, it } from '@jest/globals';
import { canaryPolicy } from '../../contract/index.js';
import { chatReleases } from './chat-releases.js';
import { BROKEN, RecordingCluster, slot, World } from './release-world.fixture.js';

const BEARING = 10;
/** At the end of a step's half hour and the looks before the first. */
const END_OF_FIRST_STEP = 2 + 30;

let world: World;
/** The canary's shares, each with the pods that it had when that came. */
let history: string[];

function asked(own: Partial<typeof chatReleases> = {}, bearing = BEARING) {
  world = new World(new RecordingCluster({ ...chatReleases, maxReplicas: 100, ...own }, false));
  world.cluster.slots.set('chat', slot('a', bearing));
  world.cluster.slots.set('chat-v2', slot('b', 1));
  history = [];
}

/** Looks, and lets an autoscaler follow the floors afterwards: as Kubernetes' own does, not where a tenth is missing, nor beyond its most. */
async function lookFor(minutes: number, mostReplicas = Number.POSITIVE_INFINITY) {
  for (let minute = 0; minute < minutes; minute++) {
    const floors = await world.floorsAfterLook();
    const { phase, routedPercent } = world.status;
    const { readyReplicas = 0 } = world.cluster.slots.get('chat-v2') ?? {};
    const told = phase === 'Progressing' ? `${routedPercent} %: ${readyReplicas}` : phase;
    if (told !== history.at(-1)) history.push(told);
    const floor = Number(/chat-v2 (\d+)/.exec(floors)?.[1]);
    if (floor / readyReplicas > 1.1) {
      world.cluster.slots.set('chat-v2', slot('b', Math.min(floor, mostReplicas)));
    }
  }
}

beforeEach(() => asked());

describe('the pods of a canary', () => {
  it('are there before its share comes, at every step', async () => {
    await lookFor(2 + 5 * 31);
    expect(history).toEqual(['0 %: 1', '5 %: 1', '15 %: 2', '30 %: 3', '50 %: 5', '100 %: 10', 'Promoted']);
  });

  it('are asked for the first step as soon as the release begins', async () => {
    asked({}, 100);
    await lookFor(4);
    expect(history).toEqual(['0 %: 1', '5 %: 5']);
  });

  it('are waited for with a reason that tells how many there are, and the canary keeps the share that it has proven', async () => {
    await world.lookFor(END_OF_FIRST_STEP + 3);
    expect(world.status).toMatchObject({
      ...{ phase: 'Progressing', verdict: 'hold', awaits: 'pods', percent: 5 },
      reason: 'v2 has 1 of 2 ready pods for 15 % after 180 s (at most 900 s).',
    });
    world.cluster.slots.set('chat-v2', slot('b', 2));
    await world.look();
    expect(world.status).toMatchObject({ awaits: undefined, waitingSinceMs: null, percent: 15 });
    expect(world.status.analysis).toMatchObject({ step: 1, failed: { trials: 0 }, stepStartedAtMs: world.nowMs });
    expect(world.shares).toEqual([0, 5, 15]);
  });

  it('that do not come within the bound have it rolled back', async () => {
    await world.lookFor(END_OF_FIRST_STEP + canaryPolicy.maxBlindSeconds / 60);
    expect(world.status).toMatchObject({ phase: 'Progressing', awaits: 'pods' });
    await world.look();
    expect(world.status).toMatchObject({ phase: 'RolledBack', awaits: undefined });
    expect(world.status.reason).toBe('v2 has 1 of 2 ready pods for 15 % after 960 s (at most 900 s).');
    expect(await world.floorsAfterLook()).toBe('chat 0, chat-v2 0');
  });

  it('that come and go while its webhooks say no begin no new time for either', async () => {
    const hook = { name: 'gate', type: 'pre-rollout', url: 'http://hooks/', timeoutSeconds: 10 } as const;
    asked({ webhooks: [hook] }, 1);
    world.refusals.add('gate');
    for (let minute = 0; minute < 3 * (canaryPolicy.maxBlindSeconds / 60); minute++) {
      world.cluster.slots.set('chat-v2', slot('b', minute % 5 === 4 ? 0 : 1));
      await world.look();
    }
    expect([world.status.phase, world.shares]).toEqual(['RolledBack', [0]]);
  });

  it('are waited for by a controller that starts anew as long as by the one before', async () => {
    await world.lookFor(END_OF_FIRST_STEP + 8);
    const restarted = new World(world.cluster);
    restarted.cluster.slots.set('chat-v2', slot('b', 1));
    restarted.cluster.slots.set('chat', slot('a', BEARING));
    restarted.nowMs = world.nowMs;
    await restarted.lookFor(8);
    expect(restarted.status.phase).toBe('RolledBack');
  });

  it('are no reason to overlook that it breaks meanwhile', async () => {
    await world.lookFor(END_OF_FIRST_STEP + 1);
    expect(world.status.awaits).toBe('pods');
    world.answer = () => BROKEN;
    await world.lookFor(5);
    expect(world.status).toMatchObject({ phase: 'RolledBack', reason: expect.stringMatching(/^v2 fails too often/) });
  });

  it('may be a tenth fewer than their floor, as an autoscaler leaves it: none waits for what does not come', async () => {
    for (const bearing of [1, 10, 11, 12, 22, 33, 60]) {
      asked({}, bearing);
      await lookFor(2 + 5 * 31);
      expect([bearing, world.status.phase]).toEqual([bearing, 'Promoted']);
    }
  });

  it('are no more than its autoscaler can give', async () => {
    asked({ maxReplicas: 7 });
    await lookFor(2 + 5 * 31, 7);
    expect(history.slice(-3)).toEqual(['50 %: 5', '100 %: 7', 'Promoted']);
  });

  it('are one where no autoscaler follows the floors', async () => {
    const { maxReplicas: _, ...fixed } = chatReleases;
    world = new World(new RecordingCluster(fixed, false));
    world.cluster.slots.set('chat', slot('a', BEARING));
    world.cluster.slots.set('chat-v2', slot('b', 1));
    await world.lookFor(2 + 5 * 30);
    expect(world.status.phase).toBe('Promoted');
  });

  it('of another revision, which a rollout has not replaced yet, are not its own', async () => {
    world.cluster.slots.set('chat-v2', { ...slot('b', 8), isRolledOut: false });
    await world.lookFor(3);
    expect([world.status.reason, world.shares]).toEqual([
      'v2 is still being rolled out after 120 s (at most 900 s).',
      [0],
    ]);
    world.cluster.slots.set('chat-v2', slot('b', 8));
    await world.look();
    expect(world.shares).toEqual([0, 5]);
  });
});
