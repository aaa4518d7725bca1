/** Which document's original. */
export interface OriginalKey {
  readonly tenant: string;
  readonly documentId: string;
}

/** A file as it was uploaded. */
export interface Original {
  /** Media type that it was sent with. */
  readonly mediaType: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Documents as they were uploaded, so that they can be read again: by a person, or by a better splitter. */
export interface OriginalStore {
  /** Stores an original whole, or replaces the document's earlier one. When the content breaks off, the earlier one stays. */
  put(key: OriginalKey, original: Original): Promise<void>;
  get(key: OriginalKey): Promise<Original | undefined>;
  /** Forgets an original; one that is not there is gone already. */
  delete(key: OriginalKey): Promise<void>;
}
