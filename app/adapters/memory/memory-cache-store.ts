import { LRUCache } from 'lru-cache';
import { embeddedBounds } from '../../../contract/index.js';
import type {
  CacheStore,
  Claim,
  Invalidation,
  InvalidationMessage,
  NewEntry,
  StoredEntry,
} from '../../cache/cache-store.js';
import type { Clock } from '../../runtime/clock.js';

interface Lasting {
  readonly text: string;
  readonly until: number;
}

/** A cache level within one process; the entry used least recently goes first. */
export class MemoryCacheStore implements CacheStore {
  readonly #entries: LRUCache<string, Lasting>;
  readonly #stamps: LRUCache<string, string>;
  readonly #claims = new Map<string, Lasting>();
  readonly #listeners = new Set<(message: InvalidationMessage) => void>();

  /** @param maxEntries @default embeddedBounds.cacheEntries */
  constructor(
    private readonly clock: Clock,
    maxEntries: number = embeddedBounds.cacheEntries,
  ) {
    this.#entries = new LRUCache({ max: maxEntries });
    this.#stamps = new LRUCache({ max: maxEntries });
  }

  async get(key: string, tags: readonly string[]): Promise<StoredEntry> {
    return this.#read(key, tags);
  }

  async claim({ key, token, tags, leaseMs }: Claim): Promise<StoredEntry & { readonly won: boolean }> {
    const won = this.#holder(key) === undefined;
    if (won) {
      this.#claims.set(key, { text: token, until: this.clock() + leaseMs });
      for (const tag of tags) if (!this.#stamps.has(tag)) this.#stamps.set(tag, token);
    }
    return { won, ...this.#read(key, tags) };
  }

  async renew({ key, token, leaseMs }: Pick<Claim, 'key' | 'token' | 'leaseMs'>): Promise<boolean> {
    const held = this.#holder(key) === token;
    if (held) this.#claims.set(key, { text: token, until: this.clock() + leaseMs });
    return held;
  }

  async fill({ key, token, text, ttlMs, stamps }: NewEntry): Promise<boolean> {
    if (this.#holder(key) !== token) return false;
    this.#claims.delete(key);
    if (Object.entries(stamps).some(([tag, stamp]) => this.#stamps.get(tag) !== stamp)) return false;
    this.#entries.set(key, { text, until: ttlMs === null ? Number.POSITIVE_INFINITY : this.clock() + ttlMs });
    return true;
  }

  async release({ key, token }: Pick<Claim, 'key' | 'token'>): Promise<void> {
    if (this.#holder(key) === token) this.#claims.delete(key);
  }

  async invalidate(what: Invalidation, from: string): Promise<void> {
    if (what === 'all') for (const held of [this.#entries, this.#stamps, this.#claims]) held.clear();
    else if ('tag' in what) this.#stamps.delete(what.tag);
    else for (const held of [this.#entries, this.#claims]) held.delete(what.key);
    for (const listener of this.#listeners) listener({ from, what });
  }

  listen(listener: (message: InvalidationMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #read(key: string, tags: readonly string[]): StoredEntry {
    const entry = this.#entries.get(key);
    const isOver = entry !== undefined && entry.until <= this.clock();
    if (isOver) this.#entries.delete(key);
    return { text: isOver ? undefined : entry?.text, stamps: tags.map((tag) => this.#stamps.get(tag)) };
  }

  /** The token of who holds the claim. */
  #holder(key: string): string | undefined {
    const claim = this.#claims.get(key);
    if (claim !== undefined && claim.until > this.clock()) return claim.text;
    this.#claims.delete(key);
    return undefined;
  }
}
