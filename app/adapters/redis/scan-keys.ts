import type { Redis } from 'ioredis';

/** Keys that fit a pattern, some at a time and none of a batch empty; one that comes or goes meanwhile may be missed, or met twice. */
export async function* scanKeys(redis: Redis, pattern: string, batch: number): AsyncGenerator<string[]> {
  for (let cursor = '0'; ; ) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', batch);
    if (keys.length > 0) yield keys;
    if (next === '0') return;
    cursor = next;
  }
}

/** Text as it stands, within a pattern. */
export function literal(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, '\\$&');
}
