import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { canary, canaryPolicy } from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { MemoryReleaseStore } from '../adapters/memory/memory-release-store.js';
import { testOptions } from '../runtime/service.fixture.js';
import type { Timers } from '../runtime/timers.js';
import { buildCanary } from './build-canary.js';
import { dryRouter } from './traffic-router.js';

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

describe('the canary process without a canary', () => {
  let app: FastifyInstance;
  let timers: ManualTimers;
  let nowMs: number;
  let failing: Set<string>;

  beforeEach(() => {
    timers = new ManualTimers();
    nowMs = Date.UTC(2026, 0, 1);
    failing = new Set();
    const store = new MemoryReleaseStore();
    const options = testOptions(canary);
    app = buildCanary(
      {
        releases: [{ name: 'rag' }, { name: 'chat' }],
        metrics: idleCanaryMetrics,
        router: dryRouter(options.logger),
        store: {
          get: (release) => store.get(release),
          put: async (release, record) => {
            if (failing.has(release)) throw new Error('the store is away');
            await store.put(release, record);
          },
        },
        clock: () => nowMs,
        timers,
      },
      options,
    );
  });
  afterEach(() => app.close());

  const start = async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    await timers.planned();
  };
  const chat = async () => (await app.inject('/releases')).json().releases[1];

  it('says, without being asked who asks, that nobody has looked yet', async () => {
    expect(await chat()).toMatchObject({
      release: 'chat',
      verdict: null,
      reason: 'nobody has looked at it yet.',
      decided_at: null,
    });
  });

  it('holds, and says that v2 had no requests', async () => {
    await start();
    expect(await chat()).toEqual({
      release: 'chat',
      verdict: 'hold',
      reason: 'no requests on v2.',
      decided_at: '2026-01-01T00:00:00.000Z',
      canary_percent: 5,
      dry_run: true,
      step: { requests: 0, errors: 0, compared_requests: 0, slow_requests: 0 },
    });
  });

  it('reports no share of traffic for the canary in a dry run', async () => {
    await start();
    expect((await app.inject(canary.metricsPath)).body).toContain('canary_weight_ratio{release="chat"} 0\n');
  });

  it('still holds after hours', async () => {
    await start();
    for (let hour = 0; hour < 6; hour++) {
      nowMs += 3600_000;
      await timers.fire();
    }
    expect(await chat()).toMatchObject({ verdict: 'hold', decided_at: '2026-01-01T06:00:00.000Z' });
  });

  it('looks every checkSeconds, until it is closed', async () => {
    await start();
    expect(timers.delaysMs).toEqual([canaryPolicy.checkSeconds * 1000]);
    await app.close();
    expect(timers.delaysMs).toEqual([]);
  });

  it('goes on with the other releases, and to the next look, when one fails', async () => {
    failing.add('rag');
    await start();
    expect(await chat()).toMatchObject({ verdict: 'hold' });
    failing.clear();
    await timers.fire();
    expect((await app.inject('/releases')).json().releases[0]).toMatchObject({ release: 'rag', verdict: 'hold' });
  });
});
