import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type CanarySplit,
  type CanaryWebhook,
  canary,
  canaryPolicy,
  formatCanaryCommand,
} from '../../contract/index.js';
import { MemoryReleaseCluster } from '../adapters/memory/memory-release-cluster.js';
import { testOptions } from '../runtime/service.fixture.js';
import type { Look, Sample } from './canary-metrics.js';
import { chatReleases } from './chat-releases.js';
import { type ControllerDeps, tick } from './controller.js';
import type { Release, ReleaseEvent, Slot } from './release-cluster.js';

const HEALTHY: Sample = { requests: 600, errors: 0, latency: { baselineSeconds: 0.8, slowRequests: 0 } };
const BROKEN: Sample = { ...HEALTHY, errors: 300 };
const slot = (revision: string, readyReplicas = 2): Slot => ({ revision, images: [`chat:${revision}`], readyReplicas });

/** Remembers what it was asked for. */
class RecordingCluster extends MemoryReleaseCluster {
  readonly splits: CanarySplit[] = [];
  readonly events: ReleaseEvent[] = [];

  override async route(_release: Release, split: CanarySplit): Promise<void> {
    this.splits.push(split);
  }

  override async report(_release: Release, event: ReleaseEvent): Promise<void> {
    this.events.push(event);
  }
}

/** A world around the controller, in which a minute passes before each look. */
class World {
  nowMs = Date.UTC(2026, 0, 1);
  answer: () => Sample = () => HEALTHY;
  readonly looks: Look[] = [];
  /** Of webhooks, and the names of those that say no. */
  readonly calls: string[] = [];
  readonly refusals = new Set<string>();
  readonly options = testOptions(canary);
  readonly deps: ControllerDeps;

  constructor(readonly cluster = new RecordingCluster(chatReleases, false)) {
    cluster.slots.set('chat', slot('a'));
    cluster.slots.set('chat-v2', slot('b'));
    this.deps = {
      ...this.options,
      cluster,
      canaryMetrics: {
        sample: async (_service, look) => {
          this.looks.push(look);
          return this.answer();
        },
      },
      webhooks: {
        call: async ({ name }, { type, phase }) => {
          this.calls.push(`${name}: ${type} ${phase}`);
          if (this.refusals.has(name)) throw new Error('answered 503');
        },
      },
      clock: () => this.nowMs,
    };
  }

  get status() {
    const { status } = this.cluster.release;
    if (!status) throw new Error('Nobody has looked yet.');
    return status;
  }

  /** Shares of v2 as they were set, each once. */
  get shares(): number[] {
    const all = this.cluster.splits.map(({ canary, percent }) => (canary === 'v2' ? percent : 100 - percent));
    return all.filter((share, i) => share !== all[i - 1]);
  }

  async look() {
    this.nowMs += 60_000;
    return tick(this.cluster.release, this.deps);
  }

  async lookFor(minutes: number) {
    for (let minute = 0; minute < minutes; minute++) await this.look();
  }

  command(verb: 'promote' | 'abort' | 'approve' | 'retry', revision = this.status.canaryRevision ?? '') {
    const at = new Date(this.nowMs).toISOString();
    this.cluster.release = { ...this.cluster.release, command: formatCanaryCommand({ verb, revision, at }) };
  }
}

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

  it('has a look that another was quicker than do nothing', async () => {
    await world.lookFor(2);
    const stale = world.cluster.release;
    await world.look();
    const splits = world.cluster.splits.length;
    await expect(tick({ ...stale, generation: 9 }, world.deps)).rejects.toThrow('was changed by somebody else');
    expect(world.cluster.splits).toHaveLength(splits);
  });
});

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
