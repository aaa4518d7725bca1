import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { canaryPolicy } from '../../contract/index.js';
import { buildServer, type ServerOptions } from '../runtime/server.js';
import type { Timers } from '../runtime/timers.js';
import type { CanaryMetrics } from './canary-metrics.js';
import { type ControllerDeps, tick } from './controller.js';
import { canaryPercent, VERDICTS } from './release-state.js';
import type { ReleaseRecord } from './release-store.js';
import { type Repetition, repeat } from './repeat.js';

export interface CanaryRelease {
  /** The service that is released. */
  readonly name: string;
}

export interface CanaryDeps extends Pick<ControllerDeps, 'router' | 'store' | 'clock'> {
  readonly releases: readonly CanaryRelease[];
  readonly metrics: CanaryMetrics;
  readonly timers: Timers;
}

const releaseView = z.object({
  release: z.string(),
  verdict: z.enum(VERDICTS).nullable(),
  reason: z.string(),
  decided_at: z.iso.datetime().nullable(),
  canary_percent: z.number(),
  dry_run: z.boolean(),
  step: z.object({
    requests: z.number(),
    errors: z.number(),
    compared_requests: z.number(),
    slow_requests: z.number(),
  }),
});

/** Looks at every release each `canaryPolicy.checkSeconds`, from the moment it listens until it is closed, and tells what it decided. */
export function buildCanary(deps: CanaryDeps, options: ServerOptions): FastifyInstance {
  const { releases, store, router, timers } = deps;
  const { logger, metrics } = options;
  const app = buildServer(options);
  const controller = { ...deps, canaryMetrics: deps.metrics, policy: canaryPolicy, metrics, logger };
  const lookAtAll = async () => {
    for (const { name } of releases) {
      // One release that cannot be moved must not hold up the others.
      await tick(name, controller).catch((error: unknown) =>
        logger.error({ err: error, release: name }, 'a look at a release failed'),
      );
    }
  };

  app.get('/releases', { schema: { response: { 200: z.object({ releases: z.array(releaseView) }) } } }, async () => ({
    releases: await Promise.all(releases.map(async ({ name }) => viewOf(name, await store.get(name), router.dryRun))),
  }));

  let looking: Repetition | undefined;
  app.addHook('onListen', async () => {
    looking = repeat(lookAtAll, canaryPolicy.checkSeconds * 1000, timers);
  });
  app.addHook('preClose', async () => {
    await looking?.stop();
  });
  return app;
}

function viewOf(release: string, record: ReleaseRecord | undefined, dryRun: boolean): z.input<typeof releaseView> {
  const { failed, slow } = record?.state ?? {};
  return {
    release,
    verdict: record?.verdict ?? null,
    reason: record?.reason ?? 'nobody has looked at it yet.',
    decided_at: record === undefined ? null : new Date(record.decidedAtMs).toISOString(),
    canary_percent: record === undefined ? 0 : canaryPercent(record.state, canaryPolicy),
    dry_run: dryRun,
    step: {
      requests: failed?.trials ?? 0,
      errors: failed?.hits ?? 0,
      compared_requests: slow?.trials ?? 0,
      slow_requests: slow?.hits ?? 0,
    },
  };
}
