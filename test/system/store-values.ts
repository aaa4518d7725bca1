import type { startObjectStore } from './object-store.js';
import type { startPostgres } from './postgres.js';
import type { startQdrant } from './qdrant.js';
import type { RabbitMqServer } from './rabbitmq.js';
import type { RedisServer } from './redis.js';

export interface StartedStores {
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly redis: RedisServer;
  readonly rabbitmq: RabbitMqServer;
  readonly qdrant: Awaited<ReturnType<typeof startQdrant>>;
  readonly objects: Awaited<ReturnType<typeof startObjectStore>>;
}

/** The settings by which processes of the platform find these stores. */
export function storeValues({ postgres, redis, rabbitmq, qdrant, objects }: StartedStores): Record<string, string> {
  return {
    POSTGRES_URL: postgres.url,
    POSTGRES_PASSWORD: postgres.password,
    REDIS_URL: redis.url,
    REDIS_PASSWORD: 'unused',
    RABBITMQ_URL: rabbitmq.url,
    RABBITMQ_PASSWORD: rabbitmq.password,
    QDRANT_URL: qdrant.url,
    QDRANT_API_KEY: qdrant.apiKey,
    S3_ENDPOINT: objects.endpoint,
    S3_BUCKET: 'documents',
    S3_ACCESS_KEY_ID: 'AKIATEST',
    S3_SECRET_ACCESS_KEY: 'secret',
  };
}
