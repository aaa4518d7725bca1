import {
  CANARY_WEBHOOK_TYPES,
  type CanaryReleaseStatus,
  canaryFloor,
  canaryReleasesEnded,
  canaryWeight,
} from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { CanaryMetrics, Sample } from './canary-metrics.js';
import { measure } from './measure.js';
import { nextStatus } from './next-status.js';
import type { Release, ReleaseCluster } from './release-cluster.js';
import { eventsOf } from './release-events.js';
import { releaseFloors } from './release-floors.js';
import { routableSplit } from './routable-split.js';
import type { Sides, Sight } from './sight.js';
import { turnedBack } from './turned-back.js';
import { askWebhooks, type Webhooks } from './webhooks.js';

export interface ControllerDeps {
  readonly cluster: ReleaseCluster;
  readonly canaryMetrics: CanaryMetrics;
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * One look at a release: sees what stands in its slots, measures when that is due, decides, keeps the decision, then has traffic
 * follow. All that it must remember stands in the release's status, written before traffic moves: a controller that is killed anywhere
 * is followed by one that goes on there. Traffic is divided at every look, so that whoever else moves it does so for one look only.
 *
 * @throws what the cluster throws; then the next look begins with what was kept last
 */
export async function tick(release: Release, deps: ControllerDeps): Promise<Release> {
  const { cluster, clock, metrics } = deps;
  const nowMs = clock();
  const found = { ...release, ...(release.status && { status: turnedBack(release.status, nowMs) }) };
  const sight = await look(found, nowMs, deps);
  const status = nextStatus(found, sight, nowMs);
  const kept = await keep(release, status, deps);
  for (const [deployment, replicas] of releaseFloors(release.spec, status)) {
    metrics.set(canaryFloor, { deployment }, cluster.dryRun ? 0 : replicas);
  }
  const split = routableSplit(status, sidesOf(status, release.status, sight));
  await cluster.route(kept, split);
  metrics.set(canaryWeight, { release: release.name }, cluster.dryRun ? 0 : split.percent / 100);
  return split.percent === status.routedPercent
    ? kept
    : cluster.save(kept, { ...status, routedPercent: split.percent });
}

async function look(release: Release, nowMs: number, deps: ControllerDeps): Promise<Sight> {
  const { cluster } = deps;
  const { slots } = release.spec;
  const [first, second] = await Promise.all(slots.map(({ deployment }) => cluster.slot(deployment)));
  const isSwapped = release.status !== undefined && release.status.stable !== slots[0]?.version;
  const [stable = null, canary = null] = isSwapped ? [second, first] : [first, second];
  const sample = await sampleIfDue(release, nowMs, deps);
  const { status } = release;
  // While it is judged they are asked as often as it is measured.
  const isAsked = status?.analysis === null || sample !== undefined;
  const asks = isAsked ? CANARY_WEBHOOK_TYPES.find((type) => type === status?.awaits) : undefined;
  const webhooks = status && asks && (await askWebhooks(release, asks, status, deps));
  return { stable, canary, sample, webhooks };
}

/** A measurement when the last one is `checkSeconds` old; `undefined` before. */
async function sampleIfDue(release: Release, nowMs: number, deps: ControllerDeps): Promise<Sample | null | undefined> {
  const { spec, status } = release;
  if (status?.phase !== 'Progressing' || status.analysis === null) return undefined;
  const { measuredAtMs, baselineSeconds } = status.analysis;
  if (nowMs - measuredAtMs < spec.policy.checkSeconds * 1000) return undefined;
  const policy = { ...spec.policy, stableVersion: status.stable, canaryVersion: status.canary };
  return measure(spec.service, { fromMs: measuredAtMs, toMs: nowMs, baselineSeconds }, policy, deps);
}

/** Promotion changes which slot is which. */
function sidesOf(
  after: CanaryReleaseStatus,
  before: CanaryReleaseStatus | undefined,
  { stable, canary }: Sides,
): Sides {
  return before === undefined || before.stable === after.stable
    ? { stable, canary }
    : { stable: canary, canary: stable };
}

async function keep(release: Release, status: CanaryReleaseStatus, deps: ControllerDeps): Promise<Release> {
  const { cluster, metrics, logger } = deps;
  if (JSON.stringify(status) === JSON.stringify(release.status)) return release;
  const saved = await cluster.save(release, status);
  const { name, status: before } = release;
  const { phase, verdict, reason } = status;
  logger[verdict === before?.verdict ? 'debug' : 'info']({ release: name, phase, verdict, reason }, 'canary verdict');
  if (before?.phase === 'Progressing' && phase !== 'Progressing') {
    metrics.count(canaryReleasesEnded, { release: name, outcome: verdict });
  }
  for (const event of eventsOf(before, status)) {
    // Told or not, the release goes on.
    await cluster
      .report(release, event)
      .catch((error: unknown) => logger.warn({ err: error, release: name }, 'an event could not be told'));
  }
  return saved;
}
