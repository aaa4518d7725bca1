import type { Construct } from 'constructs';
import {
  Alertmanager,
  Backups,
  BackupTarget,
  Dashboards,
  Mesh,
  Monitoring,
  ObjectStore,
  Postgres,
  PublicIngress,
  Qdrant,
  RabbitMq,
  Redis,
  Tracing,
  unpinned,
} from '../../constructs/index.js';
import type { EnvironmentConfigInput } from '../environment-config.js';
import { thirdPartyImages } from '../images.js';
import { separatePools } from '../node-pools.js';
import { PlatformStack } from '../platform-stack.js';
import { Scaling } from '../scaling.js';
import { secrets } from '../secret-names.js';
import { chapterResources, largeStore, smallStore } from '../sizes.js';

const vpc = ['10.0.0.0/16'];
const digest = unpinned('the release pipeline pins the digest of what it has built');
const image = { repository: 'ghcr.io/armature/armature', tag: '0.1.0', digest };

/** The chapter's figures: replicas and nodes of 32.1 (from the contract), resources and scaling of 32.4, the canary of 32.6. */
export const production = {
  name: 'production',
  namespace: 'armature',
  region: 'eu-central-1',
  image,
  thirdPartyImages,
  nodePools: separatePools(),
  controlPlaneCidrs: vpc,
  mesh: Mesh.sidecar({ cni: true }),
  ingress: PublicIngress.gateway({ host: 'llm.example.com', clusterIssuer: 'letsencrypt' }),
  resources: chapterResources,
  scaling: Scaling.autoscaled({ maxReplicas: 50 }),
  services: {},
  // A release begins with another tag here; the canary controller moves its share from 5 % on.
  canary: { service: 'chat', image, percent: 5 },
  redis: Redis.managed({ url: 'rediss://redis.example.com', cidrs: vpc, ...secrets.redis }),
  postgres: Postgres.managed({ url: 'postgres://armature@db.example.com/armature', cidrs: vpc, ...secrets.postgres }),
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
  monitoring: Monitoring.own({ storage: '50Gi', retentionDays: 15, resources: largeStore }),
  alerting: Alertmanager.inCluster({
    storage: '1Gi',
    resources: smallStore,
    receivers: { critical: { url: secrets.alertReceivers.critical }, warning: { url: secrets.alertReceivers.warning } },
  }),
  dashboards: Dashboards.grafana({ resources: smallStore, ...secrets.grafana }),
  tracing: Tracing.collector({
    endpoint: 'https://otlp.example.com',
    token: secrets.tracing.token,
    samplingRatio: 0.1,
    resources: smallStore,
  }),
  tokenSecret: secrets.tokens,
  providerKeys: secrets.providers,
} as const satisfies EnvironmentConfigInput;

export class Production extends PlatformStack {
  constructor(scope: Construct, config: EnvironmentConfigInput = production) {
    super(scope, config);
  }
}
