import type { Identity } from '../runtime/identity.js';

/** An API key as it is kept: what it was is known to its user alone. */
export interface ApiKeyRecord {
  readonly id: string;
  /** What a person knows it by. */
  readonly name: string;
  readonly owner: Identity;
  readonly createdAt: number;
  /** `undefined` as long as it works. */
  readonly revokedAt: number | undefined;
}

/** Keeps API keys by their hashes. */
export interface ApiKeyStore {
  /** @throws if there is a key with this id or hash */
  add(key: Omit<ApiKeyRecord, 'revokedAt'>, hash: string): Promise<void>;
  /** Whose key has this hash; `undefined` for none, and for one that was revoked. */
  ownerOf(hash: string): Promise<Identity | undefined>;
  /** Ends a key for good. @returns false when there is none with this id; one that was revoked before keeps its time */
  revoke(id: string, at: number): Promise<boolean>;
  /** All keys, revoked ones too, oldest first. */
  list(): Promise<readonly ApiKeyRecord[]>;
}
