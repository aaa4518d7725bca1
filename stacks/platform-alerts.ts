import {
  type AlertRule,
  alertsUndelivered,
  backupFailed,
  backupOverdue,
  jobMatchers,
  metricsApiDown,
  type PlatformContext,
  queueNotEmpty,
  type RecordedMetric,
  type ScrapeTarget,
  type StoreBackup,
  scalingMetricLost,
  scalingTargetMissed,
  serverErrors,
  spansLost as spansLostAlert,
  targetDown,
} from '../constructs/index.js';
import {
  alertNotificationsFailed,
  canaryPolicy,
  cronJobMade,
  cronJobScheduled,
  cronJobSucceeded,
  httpRequests,
  kubeStateMetrics,
  spansLost,
  type TaskTopology,
} from '../contract/index.js';
import { queueLengths } from './queue-lengths.js';

export interface AlertSources {
  readonly platform: PlatformContext;
  readonly targets: readonly ScrapeTarget[];
  readonly scaled: readonly ScaledMetric[];
  readonly topologies: readonly TaskTopology[];
  /** What must run for autoscalers to see their metrics. */
  readonly metricsApis: readonly ScrapeTarget[];
  readonly backups: readonly StoreBackup[];
}

const cronJobMetrics = { made: cronJobMade, scheduled: cronJobScheduled, succeeded: cronJobSucceeded };

/** A recorded metric, and the value above which scaling has failed. */
export interface ScaledMetric extends RecordedMetric {
  readonly threshold: number;
}

/** The platform's alerts, each about one thing that somebody must act on. */
export function platformAlerts(sources: AlertSources): readonly AlertRule[] {
  const { platform, targets, scaled, topologies, metricsApis, backups } = sources;
  const queues = queueLengths(platform, targets);
  const collector = targets.find(({ metrics }) => metrics.includes(spansLost[0]));
  const alertmanager = targets.find(({ metrics }) => metrics.includes(alertNotificationsFailed));
  return [
    targetDown({ namespace: platform.namespace }),
    serverErrors(httpRequests, { namespace: platform.namespace }, canaryPolicy.maxErrorRatio),
    ...scaled.flatMap((metric) => [scalingMetricLost(metric), scalingTargetMissed(metric, metric.threshold)]),
    ...metricsApis.map(({ name, elsewhere }) =>
      metricsApiDown({ namespace: elsewhere ?? platform.namespace, job: name }),
    ),
    ...(queues ? topologies.map(({ deadLetterQueue: queue }) => queueNotEmpty(queues.lengthOf(queue), queue)) : []),
    ...backups.flatMap(({ spec }) =>
      [backupFailed, backupOverdue].map((alert) =>
        alert(cronJobMetrics, spec.name, jobMatchers(platform, kubeStateMetrics.name)),
      ),
    ),
    ...(alertmanager ? [alertsUndelivered(alertNotificationsFailed, jobMatchers(platform, alertmanager.name))] : []),
    ...(collector ? [spansLostAlert(spansLost, jobMatchers(platform, collector.name))] : []),
  ];
}
