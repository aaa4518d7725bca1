import { Backups, LlmWorker, PlatformNamespace, RabbitMq, Redis, secretKey } from 'armature/constructs';
import { ports, rabbitmq, redis } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { proofreader, proofs } from './proofreader.js';
import { resources, team, translatorProps } from './team.js';

/** Redis and RabbitMQ that outlive a node, and a worker that takes its texts from a queue. */
export class CacheAndQueue extends Chart {
  constructor(scope: Construct) {
    super(scope, 'cache-and-queue');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new Redis(this, 'redis', {
      platform,
      spec: redis,
      choice: Redis.inCluster({
        topology: Redis.sentinel({ replicas: 3 }),
        storage: '5Gi',
        resources,
        backups: Backups.none('a cache fills itself again'),
        password: secretKey('redis', 'password'),
      }),
      image: images.redis,
      exporterImage: images.redisExporter,
      sentinelPort: ports.redisSentinel,
    });
    const broker = new RabbitMq(this, 'rabbitmq', {
      platform,
      spec: rabbitmq,
      choice: RabbitMq.inCluster({
        replicas: 3,
        storage: '10Gi',
        resources,
        backups: Backups.none('whoever asked for a proof asks again'),
        password: secretKey('rabbitmq', 'password'),
        erlangCookie: secretKey('rabbitmq', 'erlang-cookie'),
      }),
      image: images.rabbitmq,
      user: 'translation',
      topologies: [proofs],
      peerDiscoveryPort: ports.rabbitmqPeerDiscovery,
      distributionPort: ports.rabbitmqDistribution,
    });
    new LlmWorker(this, 'proofreader', {
      ...translatorProps,
      platform,
      spec: proofreader,
      settings: { rabbitmqUrl: broker.url, rabbitmqPassword: broker.password },
      replicas: 2,
      drainSeconds: proofs.hardLimitSeconds,
      consumes: { tasks: [proofs], consumerTimeoutSeconds: broker.consumerTimeoutSeconds },
    });
  }
}
