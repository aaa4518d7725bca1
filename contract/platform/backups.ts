import type { BackupSpec } from '../vocabulary/index.js';
import { ports } from './ports.js';
import { objectStore, postgres, qdrant, rabbitmq, redis } from './stores.js';

/** The jobs that save the stores that run in the cluster. What they save goes to the object store, or to another. */
export const backups = {
  redis: { name: 'redis-backup', of: redis, ports: [redis.port, ports.redisSentinel] },
  qdrant: { name: 'qdrant-backup', of: qdrant, ports: [qdrant.port] },
  rabbitmq: {
    name: 'rabbitmq-backup',
    of: rabbitmq,
    ports: [ports.rabbitmqPeerDiscovery, ports.rabbitmqDistribution],
  },
  postgres: { name: 'postgres-backup', of: postgres, ports: [postgres.port] },
  objectStore: { name: 'object-store-backup', of: objectStore, ports: [objectStore.port] },
} as const satisfies Record<string, BackupSpec>;
