import { LRUCache } from 'lru-cache';
import { embeddedBounds } from '../../../contract/index.js';
import type { CacheStore } from '../../cache/cache-store.js';
import type { Clock } from '../../runtime/clock.js';

interface Entry {
  /** JSON, so that what a caller does to its value never reaches the store. */
  readonly text: string;
  readonly expiresAt: number;
}

/** A cache level within one process; the entry used least recently goes first. */
export class MemoryCacheStore implements CacheStore {
  readonly #entries: LRUCache<string, Entry>;

  /** @param maxEntries @default embeddedBounds.cacheEntries */
  constructor(
    private readonly clock: Clock,
    maxEntries: number = embeddedBounds.cacheEntries,
  ) {
    this.#entries = new LRUCache({ max: maxEntries });
  }

  async get(key: string): Promise<unknown> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.clock()) return JSON.parse(entry.text);
    this.#entries.delete(key);
    return undefined;
  }

  async set(key: string, value: unknown, ttlSeconds: number | null): Promise<void> {
    const expiresAt = ttlSeconds === null ? Number.POSITIVE_INFINITY : this.clock() + ttlSeconds * 1000;
    this.#entries.set(key, { text: JSON.stringify(value), expiresAt });
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key);
  }
}
