import type { Redis } from 'ioredis';
import { memoryPolicy } from '../../../contract/index.js';
import type { ConversationKey, ConversationStore, Message } from '../../conversations/conversation-store.js';
import { literal, scanKeys } from './scan-keys.js';

/** Conversations in Redis: a list each, which is cut and kept alive by the command that appends, so writers follow one another. */
export class RedisConversationStore implements ConversationStore {
  constructor(private readonly redis: Redis) {}

  async append(key: ConversationKey, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { keptMessages, ttlSeconds } = memoryPolicy;
    const list = keyOf(key);
    const results = await this.redis
      .multi()
      .rpush(list, ...messages.slice(-keptMessages).map(textOf))
      .ltrim(list, -keptMessages, -1)
      .expire(list, ttlSeconds)
      .exec();
    for (const [error] of results ?? []) if (error) throw error;
  }

  async read(key: ConversationKey, limit: number): Promise<readonly Message[]> {
    const texts = await this.redis.lrange(keyOf(key), -limit, -1);
    return texts.map((text) => JSON.parse(text));
  }

  async delete(key: ConversationKey): Promise<boolean> {
    return (await this.redis.unlink(keyOf(key))) > 0;
  }

  async deleteAll({ tenant, user }: Omit<ConversationKey, 'session'>): Promise<number> {
    const one = keyOf({ tenant, user, session: '' });
    let deleted = 0;
    for await (const keys of scanKeys(this.redis, `${literal(one.slice(0, -'""]'.length))}*`, KEYS_A_TRIP)) {
      deleted += await this.redis.unlink(keys);
    }
    return deleted;
  }
}

const KEYS_A_TRIP = 500;

/** As JSON, so that no name can be mistaken for two. */
function keyOf({ tenant, user, session }: ConversationKey): string {
  return `conversation:${JSON.stringify([tenant, user, session])}`;
}

/** The message alone: a caller's object may carry more. */
function textOf({ role, content, at }: Message): string {
  return JSON.stringify({ role, content, at });
}
