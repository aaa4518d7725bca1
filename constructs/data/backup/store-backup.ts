import { k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../contract/vocabulary/index.js';
import { type Connection, type Peer, podsOf } from '../../connection.js';
import { objectMeta, type PlatformContext } from '../../platform-context.js';
import type { ImageRef } from '../../workload/image.js';
import { restrictedPod } from '../../workload/restricted-pod.js';
import { mountSecrets } from '../../workload/secret-ref.js';
import { cronSchedule } from './backup-choice.js';
import { BACKUP_PATH, type BackupPlan, type BackupStep } from './backup-plan.js';
import type { BackupDestination } from './backup-target.js';
import { download, upload } from './transfer.js';

export interface StoreBackupProps {
  readonly platform: PlatformContext;
  /** The job, as the contract names it. */
  readonly spec: Pick<Endpoint, 'name'>;
  readonly store: { readonly spec: Pick<Endpoint, 'name'>; readonly peer: Peer };
  readonly plan: BackupPlan;
  readonly destination: BackupDestination;
  /** rclone's, which carries the files. */
  readonly image: ImageRef;
}

/** A run that could not begin after so long is left out, and one that has not ended after so long has failed. */
const DEADLINE_SECONDS = 2 * 3600;

/**
 * Two CronJobs: one saves a store's data every day; the other is suspended, and the template from which a person makes a restore:
 * `kubectl create job NAME --from=cronjob/<store>-restore` (docs/how-to/backup-and-restore.md).
 */
export class StoreBackup extends Construct {
  readonly spec: Pick<Endpoint, 'name'>;
  readonly serviceAccount: ServiceAccount;
  readonly backup: k8s.KubeCronJob;
  readonly restore: k8s.KubeCronJob;
  /** What the pods of both connect to. */
  readonly connections: readonly Connection[];

  constructor(scope: Construct, id: string, props: StoreBackupProps) {
    super(scope, id);
    const { platform, spec, store, plan, destination, image } = props;
    const transfer = { destination, store: store.spec.name, image };
    this.spec = spec;
    this.serviceAccount = new ServiceAccount(this, 'service-account', {
      metadata: objectMeta(platform, spec),
      automountToken: false,
    });
    this.backup = new k8s.KubeCronJob(this, 'backup', {
      metadata: objectMeta(platform, spec),
      spec: cronJob(props, { dump: plan.dump }, { upload: upload(transfer, plan.daily.keepDays) }),
    });
    this.restore = new k8s.KubeCronJob(this, 'restore', {
      metadata: objectMeta(platform, spec, `${store.spec.name}-restore`),
      spec: { ...cronJob(props, { download: download(transfer) }, { restore: plan.restore }), suspend: true },
    });
    const from = podsOf(spec);
    this.connections = [
      ...plan.ports.map((port) => ({ from, to: store.peer, port })),
      { from, to: destination.peer, port: destination.port },
    ];
  }
}

type Steps = Readonly<Record<string, BackupStep>>;

/** @param first runs to its end before `then` starts */
function cronJob(props: StoreBackupProps, first: Steps, then: Steps): k8s.CronJobSpec {
  return {
    schedule: cronSchedule(props.plan.daily),
    timeZone: 'Etc/UTC',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: DEADLINE_SECONDS,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: { backoffLimit: 2, activeDeadlineSeconds: DEADLINE_SECONDS, template: pod(props, first, then) },
    },
  };
}

function pod({ platform, spec, plan }: StoreBackupProps, first: Steps, then: Steps): k8s.PodTemplateSpec {
  const secrets = Object.values({ ...first, ...then }).flatMap((step) => step.secrets);
  const containers = (steps: Steps) =>
    Object.entries(steps).map(([name, { script, secrets: own, ...step }]) => ({
      ...step,
      name,
      command: ['sh', '-c', `set -eu\numask 077\n${script}`],
      mounts: [{ name: 'backup', mountPath: BACKUP_PATH }, ...mountSecrets(own).mounts],
    }));
  const template = restrictedPod({
    platform,
    name: spec.name,
    placement: 'general',
    priority: 'batch',
    meshRole: 'outsider',
    terminationGraceSeconds: 30,
    volumes: [scratch(plan), ...mountSecrets(secrets).volumes],
    initContainers: containers(first),
    containers: containers(then),
  });
  return {
    ...template,
    spec: {
      ...(template.spec as k8s.PodSpec),
      restartPolicy: 'Never',
      ...(plan.subdomain !== undefined && { hostname: spec.name, subdomain: plan.subdomain }),
    },
  };
}

/** A volume that lives as long as the pod: a dump may be larger than what a node has to spare. */
function scratch({ storage }: BackupPlan): k8s.Volume {
  return {
    name: 'backup',
    ephemeral: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: k8s.Quantity.fromString(storage) } },
        },
      },
    },
  };
}
