import { Backups, BackupTarget, ObjectStore, Postgres, Qdrant, RabbitMq, Redis } from '../../constructs/index.js';
import { secrets } from '../secret-names.js';
import { largeStore } from '../sizes.js';

/** Where the cluster's own addresses, those of its API servers and of the cloud's managed stores are. */
export const VPC_CIDRS = ['10.0.0.0/16'];

/** What the cloud runs better is managed; broker and vectors stand in the cluster, three of each. */
export const productionStores = {
  redis: Redis.managed({ url: 'rediss://redis.example.com', cidrs: VPC_CIDRS, ...secrets.redis }),
  postgres: Postgres.managed({
    url: 'postgres://armature@db.example.com/armature?sslmode=verify-full',
    cidrs: VPC_CIDRS,
    ...secrets.postgres,
  }),
  objectStore: ObjectStore.managed({
    url: 'https://s3.eu-central-1.amazonaws.com',
    cidrs: ['0.0.0.0/0'],
    bucket: 'armature-documents',
    ...secrets.objectStore,
  }),
  backupTarget: BackupTarget.objectStore({ bucket: 'armature-backups' }),
  rabbitmq: RabbitMq.inCluster({
    replicas: 3,
    storage: '20Gi',
    resources: largeStore,
    backups: Backups.daily({ at: '02:10', keepDays: 30 }),
    ...secrets.rabbitmq,
  }),
  qdrant: Qdrant.inCluster({
    replicas: 3,
    storage: '100Gi',
    resources: largeStore,
    backups: Backups.daily({ at: '02:40', keepDays: 30 }),
    ...secrets.qdrant,
  }),
} as const;
