import { BackupTarget, ObjectStore, Postgres, RabbitMq, Redis } from '../../constructs/index.js';
import { postgres, redis } from '../../contract/index.js';
import type { EnvironmentConfigInput, Site } from '../../stacks/index.js';
import { awaited } from './awaited.js';
import type { AwsConfig } from './aws-config.js';
import { AMQPS_PORT } from './broker.js';
import { INTERNAL_ISSUER } from './cluster-manifests.js';
import { DATABASE_CA } from './made-secrets.js';
import { subnetPlan } from './subnet-plan.js';

/** Name under which the application is known to its stores: user, database and owner alike. */
export const ACCOUNT = 'armature';

/** An environment on AWS: its stores are AWS's own, where there is one, and its entrance is the stack's. */
export function awsSite(config: AwsConfig): Site {
  const subnets = subnetPlan(config.vpcCidr, config.zones);
  const ownImage = (image: EnvironmentConfigInput['image']) =>
    config.imageFrom === 'registry' ? { ...image, repository: awaited.registry } : image;
  const cidrs = subnets.map(({ data }) => data);
  return (environment) => ({
    ...environment,
    region: config.region,
    // EKS puts its API servers' addresses into the nodes' subnets.
    controlPlaneCidrs: subnets.map(({ nodes }) => nodes),
    image: ownImage(environment.image),
    ...(environment.canary && { canary: { ...environment.canary, image: ownImage(environment.canary.image) } }),
    ingress: entrance(environment.ingress, config),
    redis: Redis.managed({
      url: `rediss://${awaited.cacheHost}:${redis.port}`,
      cidrs,
      password: environment.redis.password,
    }),
    postgres: Postgres.managed({
      url: `postgres://${ACCOUNT}@${awaited.databaseHost}:${postgres.port}/${ACCOUNT}?sslmode=verify-full`,
      cidrs,
      caCertificate: DATABASE_CA,
      password: environment.postgres.password,
    }),
    // S3 has public addresses; the way to them stays inside AWS.
    objectStore: ObjectStore.managed({
      url: `https://s3.${config.region}.amazonaws.com`,
      cidrs: ['0.0.0.0/0'],
      bucket: awaited.documentsBucket,
    }),
    backupTarget: BackupTarget.objectStore({ bucket: awaited.backupsBucket }),
    rabbitmq:
      config.broker === 'in-cluster'
        ? environment.rabbitmq
        : RabbitMq.managed({
            url: `amqps://${ACCOUNT}@${awaited.brokerHost}:${AMQPS_PORT}`,
            cidrs,
            password: environment.rabbitmq.password,
          }),
  });
}

/** People meet the load balancer's certificate; the one behind it is for the way between the two. */
function entrance(ingress: EnvironmentConfigInput['ingress'], { host }: AwsConfig): EnvironmentConfigInput['ingress'] {
  if (ingress.kind === 'none') return ingress;
  return { ...ingress, clusterIssuer: INTERNAL_ISSUER, ...(host !== undefined && { host }) };
}
