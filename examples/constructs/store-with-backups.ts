import {
  Backups,
  BackupTarget,
  backupDestination,
  ObjectStore,
  PlatformNamespace,
  Postgres,
  StoreBackup,
  secretKey,
} from 'armature/constructs';
import { backups, objectStore, postgres } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team } from './team.js';

const region = 'eu-central-1';

/** PostgreSQL in the cluster, saved every night to an object store that the cloud runs. */
export class StoreWithBackups extends Chart {
  constructor(scope: Construct) {
    super(scope, 'store-with-backups');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const documents = new ObjectStore(this, 'object-store', {
      platform,
      spec: objectStore,
      choice: ObjectStore.managed({
        url: `https://s3.${region}.amazonaws.com`,
        cidrs: ['0.0.0.0/0'],
        bucket: 'translation-documents',
        accessKeyId: secretKey('object-store', 'access-key-id'),
        secretAccessKey: secretKey('object-store', 'secret-access-key'),
      }),
      image: images.objectStore,
      copierImage: images.rclone,
      region,
    });
    const database = new Postgres(this, 'postgres', {
      platform,
      spec: postgres,
      choice: Postgres.inCluster({
        storage: '20Gi',
        resources,
        backups: Backups.daily({ at: '02:10', keepDays: 30 }),
        password: secretKey('postgres', 'password'),
      }),
      image: images.postgres,
      exporterImage: images.postgresExporter,
      database: 'translation',
    });
    const target = BackupTarget.objectStore({ bucket: 'translation-backups' });
    const destination = backupDestination(target, { objectStore: documents, region });
    const { backup: plan } = database;
    // A managed store has no plan, and neither has one that declined: `Backups.none('why')`.
    if (!plan) return;
    const spec = backups.postgres;
    new StoreBackup(this, 'backup', { platform, spec, store: database, plan, destination, image: images.rclone });
  }
}
