/** Metadata that searches filter by. */
export type Metadata = Readonly<Record<string, string>>;

export interface Document {
  readonly id: string;
  readonly tenant: string;
  readonly collection: string;
  /** File name or address, as shown in a citation. */
  readonly source: string;
  readonly metadata: Metadata;
  /** SHA-256 of the content, hex. */
  readonly contentHash: string;
  readonly createdAt: number;
}

/** A passage of a document. */
export interface Passage {
  readonly documentId: string;
  /** Position in the document, from 0. */
  readonly index: number;
  readonly text: string;
  readonly vector: readonly number[];
}

export interface ScoredPassage {
  readonly document: Document;
  readonly index: number;
  readonly text: string;
  /** How well it fits the query, by the scale of whoever found it: a search by vectors tells the cosine, -1 to 1. */
  readonly score: number;
}

export interface PassageQuery {
  readonly tenant: string;
  readonly collection: string;
  readonly vector: readonly number[];
  readonly topK: number;
  /** Only documents whose metadata holds every pair. @default all */
  readonly filter?: Metadata;
}

/** What passages are to be found for by their words. */
export interface WordQuery extends Omit<PassageQuery, 'vector'> {
  readonly text: string;
}

/** Documents with their embedded passages. A tenant never sees another's. */
export interface DocumentStore {
  /**
   * Adds a document whole, or replaces the one of the same id.
   * @throws {VectorDimensionError} if a vector is not as long as the collection's; nothing is stored then
   */
  put(document: Document, passages: readonly Passage[]): Promise<void>;
  get(tenant: string, id: string): Promise<Document | undefined>;
  /** Oldest first; of one age by id. */
  list(tenant: string, collection: string): Promise<readonly Document[]>;
  /**
   * Best first; equal scores by document id, then index. A vector without direction (all zeros) scores 0.
   * @throws {VectorDimensionError} if the query's vector is not as long as the collection's
   */
  search(query: PassageQuery): Promise<readonly ScoredPassage[]>;
  /** Passages that have any of the text's words that say something, in whatever form; best first, equal ones by document id, then index. */
  searchWords(query: WordQuery): Promise<readonly ScoredPassage[]>;
  /** @returns whether there was such a document */
  delete(tenant: string, id: string): Promise<boolean>;
}
