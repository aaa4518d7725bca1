import type { Construct } from 'constructs';
import { BackupTarget, ObjectStore, Postgres, PublicIngress, Redis } from '../../constructs/index.js';
import type { EnvironmentConfigInput } from '../environment-config.js';
import { Scaling } from '../scaling.js';
import { Production, production } from './production.js';

/** Production in small: fewer replicas, its own address and stores. */
export const staging = {
  ...production,
  name: 'staging',
  ingress: PublicIngress.gateway({ host: 'llm.staging.example.com', clusterIssuer: 'letsencrypt' }),
  scaling: Scaling.autoscaled({ minReplicas: 2, maxReplicas: 10 }),
  redis: Redis.managed({ ...production.redis, url: 'rediss://redis.staging.example.com' }),
  postgres: Postgres.managed({
    ...production.postgres,
    url: 'postgres://armature@db.staging.example.com/armature?sslmode=verify-full',
  }),
  objectStore: ObjectStore.managed({ ...production.objectStore, bucket: 'armature-staging-documents' }),
  backupTarget: BackupTarget.objectStore({ bucket: 'armature-staging-backups' }),
} as const satisfies EnvironmentConfigInput;

export class Staging extends Production {
  constructor(scope: Construct, config: EnvironmentConfigInput = staging) {
    super(scope, config);
  }
}
