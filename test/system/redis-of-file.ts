import { afterAll } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisServer } from './redis.js';

/** A Redis for all tests of a file, and a connection to it that must not break. Both end with the file. */
export async function redisOfFile(): Promise<{ readonly server: RedisServer; readonly redis: Redis }> {
  const server = await RedisServer.start();
  const redis = await openRedis({ url: server.url, onError: failOnError });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  return { server, redis };
}

/** For what goes wrong where nothing may. */
export function failOnError(error: unknown): never {
  throw error;
}
