import type { Construct } from 'constructs';
import {
  Alertmanager,
  Backups,
  BackupTarget,
  Dashboards,
  Monitoring,
  ObjectStore,
  Postgres,
  PublicIngress,
  RabbitMq,
  Redis,
  Tracing,
} from '../../constructs/index.js';
import type { EnvironmentConfigInput } from '../environment-config.js';
import { anyNode } from '../node-pools.js';
import { Scaling } from '../scaling.js';
import { secrets } from '../secret-names.js';
import { smallStore } from '../sizes.js';
import { Staging, staging } from './staging.js';

const size = { storage: '10Gi', resources: smallStore } as const;
const inCluster = { ...size, backups: Backups.daily({ at: '02:10', keepDays: 3 }) } as const;

/** A shared cluster for development: one replica of everything, every store in the cluster, no canary. */
export const dev = {
  ...staging,
  name: 'dev',
  nodePools: anyNode(),
  ingress: PublicIngress.gateway({ host: 'llm.dev.example.com', clusterIssuer: 'letsencrypt' }),
  scaling: Scaling.fixed(1, 'developers look at one pod at a time'),
  canary: undefined,
  redis: Redis.inCluster({ topology: Redis.standalone(), ...inCluster, ...secrets.redis }),
  postgres: Postgres.inCluster({ ...inCluster, ...secrets.postgres }),
  objectStore: ObjectStore.inCluster({
    ...size,
    bucket: 'documents',
    backups: Backups.none('it keeps the others’ backups, and what developers put into it they have elsewhere'),
    ...secrets.objectStore,
  }),
  backupTarget: BackupTarget.objectStore({ bucket: 'backups' }),
  rabbitmq: RabbitMq.inCluster({ ...staging.rabbitmq, ...inCluster, replicas: 1 }),
  qdrant: { ...staging.qdrant, ...inCluster, replicas: 1 },
  monitoring: Monitoring.own({ ...size, retentionDays: 3 }),
  alerting: Alertmanager.none('developers look at Prometheus themselves; nobody is on call'),
  dashboards: Dashboards.none('developers ask Prometheus themselves'),
  tracing: Tracing.none('developers follow a request by its logs'),
} as const satisfies EnvironmentConfigInput;

export class Dev extends Staging {
  constructor(scope: Construct, config: EnvironmentConfigInput = dev) {
    super(scope, config);
  }
}
