import {
  Alertmanager,
  alertsUndelivered,
  backupOverdue,
  jobMatchers,
  KubeStateMetrics,
  LlmService,
  PlatformNamespace,
  Prometheus,
  secretKey,
} from 'armature/constructs';
import * as kit from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { alerts, ownPrometheus } from './objectives.js';
import { resources, team, translatorProps } from './team.js';

/** A service, who measures it against its objectives, and who tells people. */
export class Observability extends Chart {
  constructor(scope: Construct) {
    super(scope, 'observability');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 2 });
    const alertmanager = new Alertmanager(this, 'alertmanager', {
      platform,
      spec: kit.alertmanager,
      choice: Alertmanager.inCluster({
        storage: '1Gi',
        resources,
        receivers: {
          critical: { url: secretKey('alert-receivers', 'critical-url') },
          warning: { url: secretKey('alert-receivers', 'warning-url') },
        },
      }),
      image: images.alertmanager,
    });
    // A backup ends before it could be scraped: what Kubernetes knows of its CronJob is scraped instead.
    const jobs = new KubeStateMetrics(this, 'kube-state-metrics', {
      platform,
      spec: kit.kubeStateMetrics,
      image: images.kubeStateMetrics,
      ownPort: kit.ports.kubeStateMetricsOwn,
    });
    const cronJob = { made: kit.cronJobMade, scheduled: kit.cronJobScheduled, succeeded: kit.cronJobSucceeded };
    new Prometheus(this, 'prometheus', {
      ...ownPrometheus,
      platform,
      alertmanager: alertmanager.spec,
      targets: [...ownPrometheus.targets, ...[alertmanager, jobs].flatMap(({ scrapeTarget }) => scrapeTarget ?? [])],
      alerts: [
        ...alerts,
        alertsUndelivered(kit.alertNotificationsFailed, jobMatchers(platform, alertmanager.spec.name)),
        backupOverdue(cronJob, kit.backups.postgres.name, jobMatchers(platform, jobs.spec.name)),
      ],
    });
  }
}
