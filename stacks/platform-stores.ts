import type { Construct } from 'constructs';
import {
  type DataStore,
  ObjectStore,
  type PlatformContext,
  Postgres,
  Qdrant,
  RabbitMq,
  Redis,
} from '../constructs/index.js';
import { objectStore, ports, postgres, qdrant, rabbitmq, redis, type TaskTopology } from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';

/** The stores that the platform's services connect to. */
export interface PlatformStores {
  readonly redis: Redis;
  readonly qdrant: Qdrant;
  readonly rabbitmq: RabbitMq;
  readonly postgres: Postgres;
  readonly objectStore: ObjectStore;
}

export interface PlatformStoresProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly topologies: readonly TaskTopology[];
}

/** Name under which the application is known to its stores: user, database and owner alike. */
const ACCOUNT = 'armature';

/** Each store where the environment wants it: in the cluster or managed outside. */
export function buildStores(scope: Construct, { platform, config, topologies }: PlatformStoresProps): PlatformStores {
  const images = config.thirdPartyImages;
  return {
    redis: new Redis(scope, redis.name, {
      platform,
      spec: redis,
      choice: config.redis,
      image: images.redis,
      exporterImage: images.redisExporter,
      sentinelPort: ports.redisSentinel,
    }),
    qdrant: new Qdrant(scope, qdrant.name, {
      platform,
      spec: qdrant,
      choice: config.qdrant,
      image: images.qdrant,
      clientImage: images.curl,
      nodePort: ports.qdrantPeers,
    }),
    rabbitmq: new RabbitMq(scope, rabbitmq.name, {
      platform,
      spec: rabbitmq,
      choice: config.rabbitmq,
      image: images.rabbitmq,
      user: ACCOUNT,
      topologies,
      peerDiscoveryPort: ports.rabbitmqPeerDiscovery,
      distributionPort: ports.rabbitmqDistribution,
    }),
    postgres: new Postgres(scope, postgres.name, {
      platform,
      spec: postgres,
      choice: config.postgres,
      image: images.postgres,
      exporterImage: images.postgresExporter,
      database: ACCOUNT,
    }),
    objectStore: new ObjectStore(scope, objectStore.name, {
      platform,
      spec: objectStore,
      choice: config.objectStore,
      image: images.objectStore,
      copierImage: images.rclone,
      region: config.region,
    }),
  };
}

/** Those that run in the platform's namespace. */
export function storesInCluster(stores: PlatformStores): readonly DataStore[] {
  return Object.values<DataStore>({ ...stores }).filter(({ inCluster }) => inCluster);
}
