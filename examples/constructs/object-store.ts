import {
  Backups,
  BackupTarget,
  backupDestination,
  ObjectStore,
  PlatformNamespace,
  StoreBackup,
  secretKey,
} from 'armature/constructs';
import { backups, objectStore } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team } from './team.js';

const region = 'eu-central-1';
const keysOf = (secret: string) => ({
  accessKeyId: secretKey(secret, 'access-key-id'),
  secretAccessKey: secretKey(secret, 'secret-access-key'),
});

/** An object store in the cluster, saved every night to another, which outlives the cluster. */
export class DocumentsInCluster extends Chart {
  constructor(scope: Construct) {
    super(scope, 'object-store');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const store = new ObjectStore(this, 'store', {
      platform,
      spec: objectStore,
      choice: ObjectStore.inCluster({
        storage: '50Gi',
        resources,
        bucket: 'translation-documents',
        backups: Backups.daily({ at: '02:40', keepDays: 14 }),
        ...keysOf('object-store'),
      }),
      image: images.objectStore,
      copierImage: images.rclone,
      region,
    });
    const target = BackupTarget.managed({
      url: `https://s3.${region}.amazonaws.com`,
      cidrs: ['0.0.0.0/0'],
      region,
      bucket: 'translation-backups',
      ...keysOf('backup-target'),
    });
    if (!store.backup) return;
    const destination = backupDestination(target, { objectStore: store, region });
    const spec = backups.objectStore;
    new StoreBackup(this, 'backup', { platform, spec, store, plan: store.backup, destination, image: images.rclone });
  }
}
