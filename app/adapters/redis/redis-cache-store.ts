import type { Redis } from 'ioredis';
import type { CacheStore } from '../../cache/cache-store.js';

/** The cache level that all replicas share. */
export class RedisCacheStore implements CacheStore {
  constructor(private readonly redis: Redis) {}

  async get(key: string): Promise<unknown> {
    const text = await this.redis.get(keyOf(key));
    return text === null ? undefined : JSON.parse(text);
  }

  async set(key: string, value: unknown, ttlSeconds: number | null): Promise<void> {
    const text = JSON.stringify(value);
    if (ttlSeconds === null) await this.redis.set(keyOf(key), text);
    else await this.redis.set(keyOf(key), text, 'PX', Math.ceil(ttlSeconds * 1000));
  }

  async delete(key: string): Promise<void> {
    await this.redis.unlink(keyOf(key));
  }
}

function keyOf(key: string): string {
  return `cache:${key}`;
}
