import type { Redis } from 'ioredis';
import type {
  CacheStore,
  Claim,
  Invalidation,
  InvalidationMessage,
  NewEntry,
  StoredEntry,
} from '../../cache/cache-store.js';
import { CLAIM_SCRIPT, FILL_SCRIPT, RENEW_SCRIPT } from './cache-scripts.js';

/** A connection that has learnt the scripts: it sends their digests, and their text only to a server that does not know them. */
type CachingRedis = Redis & {
  armatureClaim(keys: number, ...args: readonly (string | number)[]): Promise<[number, ...(string | null)[]]>;
  armatureFill(keys: number, ...args: readonly (string | number)[]): Promise<number>;
  armatureRenew(claim: string, token: string, leaseMs: number): Promise<number>;
};

const INVALIDATIONS = 'cache-invalidations';
const STAMP_MS = 3_600_000;
const SCANNED_AT_ONCE = 1_000;

/** The cache level that all replicas share. What one invalidates is told to all by publish and subscribe, over a connection of its own. */
export class RedisCacheStore implements CacheStore {
  readonly #redis: CachingRedis;
  readonly #subscriber: Redis;
  readonly #listeners = new Set<(message: InvalidationMessage) => void>();
  readonly #back = () => this.#tell('lost');

  /** @param onError hears of a lost connection, which comes back by itself */
  constructor(redis: Redis, onError: (error: unknown) => void) {
    redis.defineCommand('armatureClaim', { lua: CLAIM_SCRIPT });
    redis.defineCommand('armatureFill', { lua: FILL_SCRIPT });
    redis.defineCommand('armatureRenew', { lua: RENEW_SCRIPT, numberOfKeys: 1 });
    this.#redis = redis as CachingRedis;
    // Subscribed anew by hand: only then is it known from when on nothing is missed.
    this.#subscriber = redis.duplicate({ autoResubscribe: false });
    this.#subscriber.on('error', onError);
    this.#subscriber.on('ready', () => this.#subscribe().catch(onError));
    this.#subscriber.on('message', (_, text) => this.#tell(JSON.parse(text)));
    // Either may come back first, and what could not be told meanwhile is told over this one.
    redis.on('ready', this.#back);
  }

  async get(key: string, tags: readonly string[]): Promise<StoredEntry> {
    if (tags.length === 0) return { text: (await this.#redis.get(entryOf(key))) ?? undefined, stamps: [] };
    const [text, ...stamps] = await this.#redis.mget(entryOf(key), ...tags.map(stampOf));
    return { text: text ?? undefined, stamps: stamps.map((stamp) => stamp ?? undefined) };
  }

  async claim({ key, token, tags, leaseMs }: Claim): Promise<StoredEntry & { readonly won: boolean }> {
    const keys = keysOf(key, tags);
    const [won, text, ...stamps] = await this.#redis.armatureClaim(keys.length, ...keys, token, leaseMs, STAMP_MS);
    return { won: won === 1, text: text ?? undefined, stamps: stamps.map((stamp) => stamp ?? undefined) };
  }

  async renew({ key, token, leaseMs }: Pick<Claim, 'key' | 'token' | 'leaseMs'>): Promise<boolean> {
    return (await this.#redis.armatureRenew(claimOf(key), token, leaseMs)) === 1;
  }

  async fill({ key, token, text, ttlMs, stamps }: NewEntry): Promise<boolean> {
    const keys = keysOf(key, Object.keys(stamps));
    const args = [token, text, ttlMs ?? '', ...Object.values(stamps)];
    return (await this.#redis.armatureFill(keys.length, ...keys, ...args)) === 1;
  }

  async release({ key, token }: Pick<Claim, 'key' | 'token'>): Promise<void> {
    await this.#redis.armatureRenew(claimOf(key), token, 0);
  }

  async invalidate(what: Invalidation, from: string): Promise<void> {
    const keys = what === 'all' ? [] : 'tag' in what ? [stampOf(what.tag)] : [entryOf(what.key), claimOf(what.key)];
    if (what === 'all') await this.#removeAll();
    else await this.#redis.unlink(...keys);
    await this.#redis.publish(INVALIDATIONS, JSON.stringify({ from, what }));
  }

  listen(listener: (message: InvalidationMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends the connection that messages come by; the other stays open. */
  async close(): Promise<void> {
    this.#listeners.clear();
    this.#redis.off('ready', this.#back);
    if (this.#subscriber.status === 'ready') await this.#subscriber.quit();
    else this.#subscriber.disconnect();
  }

  async #subscribe(): Promise<void> {
    await this.#subscriber.subscribe(INVALIDATIONS);
    this.#tell('lost');
  }

  #tell(message: InvalidationMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  async #removeAll(): Promise<void> {
    for (let cursor: string | undefined; cursor !== '0'; ) {
      const [next, keys] = await this.#redis.scan(cursor ?? '0', 'MATCH', `${PREFIX}*`, 'COUNT', SCANNED_AT_ONCE);
      if (keys.length > 0) await this.#redis.unlink(...keys);
      cursor = next;
    }
  }
}

const PREFIX = 'cache:';

function keysOf(key: string, tags: readonly string[]): readonly string[] {
  return [entryOf(key), claimOf(key), ...tags.map(stampOf)];
}

function entryOf(key: string): string {
  return `${PREFIX}entry:${key}`;
}

function claimOf(key: string): string {
  return `${PREFIX}claim:${key}`;
}

function stampOf(tag: string): string {
  return `${PREFIX}stamp:${tag}`;
}
