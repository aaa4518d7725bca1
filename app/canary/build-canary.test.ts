import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { canary, canaryPolicy } from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { MemoryReleaseCluster } from '../adapters/memory/memory-release-cluster.js';
import { testOptions } from '../runtime/service.fixture.js';
import type { Timers } from '../runtime/timers.js';
import { buildCanary } from './build-canary.js';
import type { CanaryMetrics } from './canary-metrics.js';
import { chatReleases } from './chat-releases.js';

/** Timers that fire when the test says so. */
class ManualTimers implements Timers {
  readonly delaysMs: number[] = [];
  #run: (() => void) | undefined;
  #onPlanned: () => void = () => undefined;

  after(delayMs: number, run: () => void) {
    this.delaysMs.push(delayMs);
    this.#run = run;
    this.#onPlanned();
    return () => {
      this.delaysMs.pop();
    };
  }

  /** Waits until the next look is planned. */
  async planned(): Promise<void> {
    if (this.#run !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#onPlanned = resolve;
    });
  }

  /** Lets the planned look happen, until the one after it is planned. */
  async fire(): Promise<void> {
    const run = this.#run;
    if (run === undefined) throw new Error('No look is planned.');
    this.#run = undefined;
    this.delaysMs.pop();
    run();
    await this.planned();
  }
}

describe('the canary process', () => {
  let app: FastifyInstance;
  let timers: ManualTimers;
  let nowMs: number;
  let leads: boolean;
  let cluster: MemoryReleaseCluster;
  let measured: CanaryMetrics['sample'];

  beforeEach(() => {
    timers = new ManualTimers();
    nowMs = Date.UTC(2026, 0, 1);
    leads = true;
    measured = idleCanaryMetrics.sample;
    cluster = new MemoryReleaseCluster(chatReleases);
    cluster.slots.set('chat', { revision: 'a', images: ['chat:a'], readyReplicas: 1, isRolledOut: true });
    app = buildCanary(
      {
        cluster,
        metrics: { sample: (...look) => measured(...look) },
        leadership: { isLeader: () => leads, seek: () => async () => undefined },
        webhooks: { call: async () => undefined },
        clock: () => nowMs,
        timers,
      },
      testOptions(canary),
    );
  });
  afterEach(() => app.close());

  const start = async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    await timers.planned();
  };
  const chat = async () => (await app.inject('/releases')).json().releases[0];
  const deploy = () =>
    cluster.slots.set('chat-v2', { revision: 'b', images: ['chat:b'], readyReplicas: 1, isRolledOut: true });

  it('says, without being asked who asks, that nobody has looked yet', async () => {
    expect(await chat()).toMatchObject({
      release: 'chat',
      verdict: null,
      reason: 'nobody has looked at it yet.',
      decided_at: null,
    });
  });

  it('holds while there is no canary', async () => {
    await start();
    expect(await chat()).toEqual({
      release: 'chat',
      phase: 'Idle',
      verdict: 'hold',
      reason: 'seen for the first time.',
      decided_at: '2026-01-01T00:00:00.000Z',
      stable: 'v1',
      canary: 'v2',
      canary_percent: 0,
      dry_run: true,
      step: { requests: 0, errors: 0, compared_requests: 0, slow_requests: 0 },
    });
  });

  it('reports no share of traffic for the canary in a dry run', async () => {
    deploy();
    await start();
    nowMs += canaryPolicy.checkSeconds * 1000;
    await timers.fire();
    expect(await chat()).toMatchObject({ phase: 'Progressing', canary_percent: 5 });
    expect((await app.inject(canary.metricsPath)).body).toContain('canary_weight_ratio{release="chat"} 0\n');
  });

  it('still holds after hours without traffic', async () => {
    deploy();
    await start();
    for (let minutes = 0; minutes < 6 * 60; minutes += 10) {
      nowMs += 10 * 60_000;
      await timers.fire();
    }
    expect(await chat()).toMatchObject({ verdict: 'hold', reason: 'no requests on v2.' });
  });

  it('looks at a release while whoever is asked about another does not answer', async () => {
    const silent = { ...cluster.release, name: 'silent' };
    const slots = silent.spec.slots.map((slot) => ({ ...slot, deployment: 'silent' }));
    cluster.list = async () => [{ ...silent, spec: { ...silent.spec, slots } }, cluster.release];
    let answer = (): void => undefined;
    const silence = new Promise<null>((resolve) => {
      answer = () => resolve(null);
    });
    cluster.slot = async (deployment) => (deployment === 'silent' ? silence : null);
    const seen = new Promise<void>((resolve) => {
      const { save } = cluster;
      cluster.save = async (release, status) => {
        if (release.name === 'chat') resolve();
        return save.call(cluster, release, status);
      };
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    await seen;
    answer();
    await timers.planned();
  });

  it('looks every checkSeconds, until it is closed', async () => {
    await start();
    expect(timers.delaysMs).toEqual([canaryPolicy.checkSeconds * 1000]);
    await app.close();
    expect(timers.delaysMs).toEqual([]);
  });

  it('does nothing while another leads, and looks a second later whether it still does', async () => {
    leads = false;
    await start();
    expect([(await chat()).verdict, timers.delaysMs]).toEqual([null, [1000]]);
    leads = true;
    await timers.fire();
    expect((await chat()).verdict).toBe('hold');
  });

  it('tells nothing of shares and floors any more when another has come to lead', async () => {
    await start();
    const told = async () => (await app.inject(canary.metricsPath)).body.match(/^canary_(weight|floor)_\w+\{/gm);
    expect(await told()).toHaveLength(3);
    leads = false;
    await timers.fire();
    expect(await told()).toBeNull();
  });

  it('tells nothing any more of a release that was deleted', async () => {
    await start();
    expect((await app.inject(canary.metricsPath)).body).toContain('canary_floor_replicas{deployment="chat"}');
    cluster.list = async () => [];
    await timers.fire();
    expect((await app.inject(canary.metricsPath)).body).not.toMatch(/^canary_(weight|floor)_\w+\{/m);
  });

  it('looks again a second later when the releases cannot be read, not only when the next check is due', async () => {
    cluster.list = async () => {
      throw new Error('the API server is away');
    };
    await start();
    expect(timers.delaysMs).toEqual([1000]);
  });

  it('looks no faster than once a second while what is due cannot be done', async () => {
    deploy();
    await start();
    nowMs += canaryPolicy.checkSeconds * 1000;
    await timers.fire();
    measured = async () => {
      throw new Error('Prometheus is away');
    };
    nowMs += canaryPolicy.checkSeconds * 1000;
    await timers.fire();
    expect(await chat()).toMatchObject({ phase: 'Progressing', verdict: 'hold' });
    expect(timers.delaysMs).toEqual([1000]);
    cluster.slot = async () => {
      throw new Error('the API server is away');
    };
    await timers.fire();
    expect(timers.delaysMs).toEqual([1000]);
  });

  it('goes on to the next look when one fails', async () => {
    const slot = cluster.slot.bind(cluster);
    cluster.slot = async () => {
      throw new Error('the API server is away');
    };
    await start();
    expect((await chat()).verdict).toBeNull();
    cluster.slot = slot;
    await timers.fire();
    expect((await chat()).verdict).toBe('hold');
  });
});
