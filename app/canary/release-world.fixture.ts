import { type CanarySplit, canary, formatCanaryCommand } from '../../contract/index.js';
import { MemoryReleaseCluster } from '../adapters/memory/memory-release-cluster.js';
import { testOptions } from '../runtime/service.fixture.js';
import type { Look, Sample } from './canary-metrics.js';
import { chatReleases } from './chat-releases.js';
import { type ControllerDeps, tick } from './controller.js';
import type { Release, ReleaseEvent, Slot } from './release-cluster.js';

export const HEALTHY: Sample = { requests: 600, errors: 0, latency: { baselineSeconds: 0.8, slowRequests: 0 } };
export const BROKEN: Sample = { ...HEALTHY, errors: 300 };
export const slot = (revision: string, readyReplicas = 2): Slot => ({
  revision,
  images: [`chat:${revision}`],
  readyReplicas,
  isRolledOut: true,
});

/** Remembers what it was asked for. */
export class RecordingCluster extends MemoryReleaseCluster {
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
export class World {
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

  /** What it asks of the autoscalers then. */
  async floorsAfterLook() {
    await this.look();
    const told = (await this.options.metrics.expose()).matchAll(/^canary_floor_replicas\{deployment="(.*)"\} (\d+)$/gm);
    return [...told].map(([, deployment, replicas]) => `${deployment} ${replicas}`).join(', ');
  }

  async lookFor(minutes: number) {
    for (let minute = 0; minute < minutes; minute++) await this.look();
  }

  command(verb: 'promote' | 'abort' | 'approve' | 'retry', revision = this.status.canaryRevision ?? '') {
    const at = new Date(this.nowMs).toISOString();
    this.cluster.release = { ...this.cluster.release, command: formatCanaryCommand({ verb, revision, at }) };
  }
}
