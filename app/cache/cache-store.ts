/** What is to be forgotten: one value, all values with a tag, or everything. */
export type Invalidation = { readonly key: string } | { readonly tag: string } | 'all';

/** Something that another process has forgotten, or `lost`: messages may have been missed, and whatever is near may be out of date. */
export type InvalidationMessage = { readonly from: string; readonly what: Invalidation } | 'lost';

/** An entry as it is stored, with the present stamps of the tags that were asked about, in their order. */
export interface StoredEntry {
  readonly text: string | undefined;
  /** `undefined` for a tag that has no stamp: nothing that bears it is valid. */
  readonly stamps: readonly (string | undefined)[];
}

export interface Claim {
  readonly key: string;
  /** Names the claimer; another one for each claim. */
  readonly token: string;
  readonly tags: readonly string[];
  /** Unless it is renewed, the claim is over by then. */
  readonly leaseMs: number;
}

export interface NewEntry extends Pick<Claim, 'key' | 'token'> {
  readonly text: string;
  /** How long the entry lives; `null` until it is invalidated. */
  readonly ttlMs: number | null;
  /** Its tags, with the stamps that they had when the computation began. */
  readonly stamps: Readonly<Record<string, string>>;
}

/**
 * The shared level of a cache (L2). Entries are texts.
 *
 * Who computes a value claims its key first: one at a time gets it. Only who still holds the claim can fill the entry, and an invalidation
 * ends the claim, so that what was computed from old data is never kept. A tag is a stamp of its own, which an entry repeats: another stamp,
 * or none, and the entry is no longer valid. So a tag is invalidated at once however many entries bear it, and a store that drops
 * a stamp for want of memory loses entries rather than the knowledge that they are out of date.
 */
export interface CacheStore {
  get(key: string, tags: readonly string[]): Promise<StoredEntry>;
  /** Takes the right to compute, unless another has it. Who wins finds every tag with a stamp. */
  claim(claim: Claim): Promise<StoredEntry & { readonly won: boolean }>;
  /** @returns whether the claim was still held */
  renew(claim: Pick<Claim, 'key' | 'token' | 'leaseMs'>): Promise<boolean>;
  /** Ends the claim with a value. @returns false if the claim was lost, or a tag invalidated, meanwhile: then nothing is kept */
  fill(entry: NewEntry): Promise<boolean>;
  /** Ends the claim without a value. */
  release(claim: Pick<Claim, 'key' | 'token'>): Promise<void>;
  /** Forgets, and tells every listener of every process. @param from names who asks, so that it can tell its own messages */
  invalidate(what: Invalidation, from: string): Promise<void>;
  /** @returns ends listening */
  listen(listener: (message: InvalidationMessage) => void): () => void;
}
