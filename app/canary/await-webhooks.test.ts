import { describe, expect, it } from '@jest/globals';
import { type CanaryWebhook, canaryPolicy } from '../../contract/index.js';
import { chatReleases } from './chat-releases.js';
import { RecordingCluster, World } from './release-world.fixture.js';

let world: World;

describe('webhooks', () => {
  const hook = (type: CanaryWebhook['type']) => ({ name: type, type, url: 'http://hooks/', timeoutSeconds: 10 });
  const asked = (...types: CanaryWebhook['type'][]) => {
    world = new World(new RecordingCluster({ ...chatReleases, webhooks: types.map(hook) }, false));
  };
  const WHOLE_RELEASE = 2 + 5 * 30;

  it('are asked before the first step, before the promotion and after the end, and each of them once when they say yes', async () => {
    asked('pre-rollout', 'confirm-promotion', 'post-rollout');
    await world.lookFor(WHOLE_RELEASE + 6);
    expect([world.status.phase, world.status.awaits]).toEqual(['Promoted', undefined]);
    expect(world.calls).toEqual([
      'pre-rollout: pre-rollout Progressing',
      'confirm-promotion: confirm-promotion Progressing',
      'post-rollout: post-rollout Promoted',
    ]);
  });

  it('of pre-rollout that do not say yes hold the canary without traffic, and take it back after the bound', async () => {
    asked('pre-rollout');
    world.refusals.add('pre-rollout');
    await world.lookFor(5);
    expect(world.status).toMatchObject({ phase: 'Progressing', verdict: 'hold', awaits: 'pre-rollout' });
    expect(world.status.reason).toBe('pre-rollout: pre-rollout answered 503; no yes for 180 s (at most 900 s).');
    await world.lookFor(15);
    expect([world.status.phase, world.shares]).toEqual(['RolledBack', [0]]);
  });

  it('of confirm-promotion hold a release that has proven all, at all traffic, where it is judged as before', async () => {
    asked('confirm-promotion');
    world.refusals.add('confirm-promotion');
    await world.lookFor(WHOLE_RELEASE + 60);
    expect(world.status).toMatchObject({ phase: 'Progressing', percent: 100, awaits: 'confirm-promotion' });
    world.refusals.clear();
    await world.look();
    expect(world.status.phase).toBe('Promoted');

    asked('confirm-promotion');
    world.refusals.add('confirm-promotion');
    await world.lookFor(WHOLE_RELEASE + 60);
    world.answer = () => ({ requests: 100_000, errors: 100_000, latency: null });
    await world.look();
    expect([world.status.phase, world.shares.at(-1)]).toEqual(['RolledBack', 0]);
  });

  it('of confirm-promotion that never say yes have it taken back after the bound', async () => {
    asked('confirm-promotion');
    world.refusals.add('confirm-promotion');
    await world.lookFor(WHOLE_RELEASE + canaryPolicy.maxIdleSeconds / 60 + 5);
    expect(world.status.phase).toBe('RolledBack');
    expect(world.status.reason).toContain('(at most 21600 s)');
  });

  it('of confirm-promotion have no longer because the controller was blind meanwhile', async () => {
    asked('confirm-promotion');
    world.refusals.add('confirm-promotion');
    await world.lookFor(WHOLE_RELEASE + 60);
    const { answer } = world;
    world.answer = () => {
      throw new Error('away');
    };
    await world.look();
    expect(world.status).toMatchObject({ verdict: 'hold', awaits: 'confirm-promotion' });
    world.answer = answer;
    await world.lookFor(canaryPolicy.maxIdleSeconds / 60 - 55);
    expect(world.status.phase).toBe('RolledBack');
  });

  it('of post-rollout are told of a rollback too, again while they fail and no longer than the bound', async () => {
    asked('post-rollout');
    world.refusals.add('post-rollout');
    await world.lookFor(5);
    world.command('abort');
    await world.lookFor(10);
    expect(world.status).toMatchObject({ phase: 'RolledBack', reason: 'aborted by hand.', awaits: 'post-rollout' });
    await world.lookFor(30);
    expect(world.status.awaits).toBeUndefined();
    expect(world.calls).toHaveLength(16);
    expect(new Set(world.calls)).toEqual(new Set(['post-rollout: post-rollout RolledBack']));
  });

  it('that a controller was killed before are asked by the next', async () => {
    asked('pre-rollout');
    await world.lookFor(2);
    expect(world.status.awaits).toBe('pre-rollout');
    const restarted = new World(world.cluster);
    restarted.nowMs = world.nowMs;
    await restarted.look();
    expect(restarted.calls).toEqual(['pre-rollout: pre-rollout Progressing']);
    expect(restarted.status.percent).toBe(5);
  });
});
