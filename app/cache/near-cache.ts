import { LRUCache } from 'lru-cache';
import type { Invalidation } from './cache-store.js';
import type { CachedValue } from './cached-value.js';

export interface NearValue {
  readonly entry: CachedValue;
  /** The shared level is asked again from then on: it may have another by now. */
  readonly nearUntil: number;
  /** Fresh and near until then. */
  readonly unquestionedUntil: number;
}

export interface NearBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** The level in this process (L1). What was used least recently goes first; a value that is larger than all of it is not kept. */
export class NearCache<V extends NearValue> {
  readonly #values: LRUCache<string, V>;
  readonly #keysByTag = new Map<string, Set<string>>();

  constructor({ entries, bytes }: NearBounds) {
    this.#values = new LRUCache({
      max: entries,
      maxSize: bytes,
      sizeCalculation: (value) => Math.max(1, value.entry.bytes),
      dispose: (value, key) => this.#untag(value, key),
    });
  }

  get bytes(): number {
    return this.#values.calculatedSize;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    this.#values.set(key, value);
    if (!this.#values.has(key)) return;
    for (const tag of Object.keys(value.entry.stamps)) {
      const keys = this.#keysByTag.get(tag) ?? new Set();
      this.#keysByTag.set(tag, keys.add(key));
    }
  }

  forget(what: Invalidation): void {
    if (what === 'all') this.#values.clear();
    else if ('key' in what) this.#values.delete(what.key);
    else for (const key of [...(this.#keysByTag.get(what.tag) ?? [])]) this.#values.delete(key);
  }

  #untag(value: V, key: string): void {
    for (const tag of Object.keys(value.entry.stamps)) {
      const keys = this.#keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByTag.delete(tag);
    }
  }
}
