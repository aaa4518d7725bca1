import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { CANARY_PHASES, canaryFloor, canaryPolicy, canaryWeight } from '../../contract/index.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { buildServer, type ServerOptions } from '../runtime/server.js';
import type { Timers } from '../runtime/timers.js';
import type { CanaryMetrics } from './canary-metrics.js';
import { type ControllerDeps, tick } from './controller.js';
import type { Leadership } from './leadership.js';
import type { Release } from './release-cluster.js';
import { VERDICTS } from './release-state.js';

export interface CanaryDeps extends Pick<ControllerDeps, 'cluster' | 'clock' | 'webhooks'> {
  readonly metrics: CanaryMetrics;
  readonly leadership: Leadership;
  readonly timers: Timers;
}

/** A controller that does not lead, finds no API server or cannot do what is due looks so often whether that has changed. */
const STANDBY_MS = 1_000;

const releaseView = z.object({
  release: z.string(),
  phase: z.enum(CANARY_PHASES).nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  reason: z.string(),
  decided_at: z.iso.datetime().nullable(),
  stable: z.string().nullable(),
  canary: z.string().nullable(),
  canary_percent: z.number(),
  dry_run: z.boolean(),
  step: z.object({
    requests: z.number(),
    errors: z.number(),
    compared_requests: z.number(),
    slow_requests: z.number(),
  }),
});

/** Looks at every release as often as its policy says, from the moment it listens until it is closed, and tells what it decided. */
export function buildCanary(deps: CanaryDeps, options: ServerOptions): FastifyInstance {
  const { cluster, clock, timers, leadership } = deps;
  const { logger, metrics } = options;
  const app = buildServer(options);
  const controller = { cluster, clock, webhooks: deps.webhooks, canaryMetrics: deps.metrics, metrics, logger };

  /** Those that the gauges tell of. */
  let told = '';
  const tellOf = (releases: readonly Release[]): void => {
    const next = JSON.stringify(releases.map(({ name, spec }) => [name, spec.slots]));
    // A floor of one that is gone would hold its pods for ever.
    if (next !== told) for (const gauge of [canaryWeight, canaryFloor]) metrics.forget(gauge);
    told = next;
  };

  const lookAtAll = async (): Promise<number> => {
    if (!leadership.isLeader()) {
      tellOf([]);
      return STANDBY_MS;
    }
    const releases = await releasesOf(controller);
    if (releases === undefined) return STANDBY_MS;
    tellOf(releases);
    // One release that cannot be moved, or whose webhooks do not answer, must not hold up the others.
    const pausesMs = releases.map(async (release) => {
      const seen = await tick(release, controller).catch((error: unknown) => {
        logger.error({ err: error, release: release.name }, 'a look at a release failed');
        return release;
      });
      return pauseOf(seen, clock());
    });
    return Math.min(canaryPolicy.checkSeconds * 1000, ...(await Promise.all(pausesMs)));
  };

  app.get('/releases', { schema: { response: { 200: z.object({ releases: z.array(releaseView) }) } } }, async () => ({
    releases: (await cluster.list()).map((release) => viewOf(release, cluster.dryRun)),
  }));

  let looking: Repetition | undefined;
  let watched: (() => Promise<void>) | undefined;
  let sought: (() => Promise<void>) | undefined;
  app.addHook('onListen', async () => {
    sought = leadership.seek();
    looking = repeat(lookAtAll, timers);
    watched = cluster.watch(() => looking?.hurry());
  });
  app.addHook('preClose', async () => {
    await watched?.();
    await looking?.stop();
    await sought?.();
  });
  return app;
}

async function releasesOf({ cluster, logger }: ControllerDeps): Promise<readonly Release[] | undefined> {
  return cluster.list().catch((error: unknown) => {
    logger.error({ err: error }, 'the releases could not be read');
    return undefined;
  });
}

/** Until the next look at it is due; between looks the slots are looked at as often. */
function pauseOf({ spec, status }: Release, nowMs: number): number {
  const checkMs = spec.policy.checkSeconds * 1000;
  const measuredAtMs = status?.analysis?.measuredAtMs;
  if (measuredAtMs === undefined) return checkMs;
  // What is overdue could not be done just now: without a pause a Prometheus that is away would be asked without end.
  return Math.min(checkMs, Math.max(STANDBY_MS, measuredAtMs + checkMs - nowMs));
}

function viewOf({ name, status }: Release, dryRun: boolean): z.input<typeof releaseView> {
  const { failed, slow } = status?.analysis ?? {};
  return {
    release: name,
    phase: status?.phase ?? null,
    verdict: status?.verdict ?? null,
    reason: status?.reason ?? 'nobody has looked at it yet.',
    decided_at: status?.decidedAt ?? null,
    stable: status?.stable ?? null,
    canary: status?.canary ?? null,
    canary_percent: status?.percent ?? 0,
    dry_run: dryRun,
    step: {
      requests: failed?.trials ?? 0,
      errors: failed?.hits ?? 0,
      compared_requests: slow?.trials ?? 0,
      slow_requests: slow?.hits ?? 0,
    },
  };
}
