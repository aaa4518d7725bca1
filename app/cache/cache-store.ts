/** The shared level of a cache (L2). Values are JSON. */
export interface CacheStore {
  /** @returns `undefined` when there is no entry; a cached miss is an entry whose value is `null` */
  get(key: string): Promise<unknown>;
  /** @param ttlSeconds how long the entry lives; `null` until it is deleted */
  set(key: string, value: unknown, ttlSeconds: number | null): Promise<void>;
  delete(key: string): Promise<void>;
}
