/** An answer that may be reused. */
export interface StoredAnswer {
  readonly tenant: string;
  /** Key of the place that the answer is kept at; answers of two places never meet. */
  readonly scope: string;
  readonly question: string;
  /** Embedding of the question. */
  readonly vector: readonly number[];
  readonly answer: string;
  /** Ids of the documents that the answer rests on. */
  readonly documents: readonly string[];
  /** What a look-up may ask for, such as `{ topic: 'travel' }`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Milliseconds since the epoch; `null` until it is invalidated. */
  readonly expiresAt: number | null;
}

export interface NearAnswer {
  readonly entry: Omit<StoredAnswer, 'vector'>;
  /** Cosine of the two questions, -1 to 1. */
  readonly cosine: number;
}

export interface NearQuery {
  readonly scope: string;
  readonly vector: readonly number[];
  readonly minCosine: number;
  readonly limit: number;
  /** Metadata that an answer must have, all of it. */
  readonly filter: Readonly<Record<string, string>>;
}

/** Answers by scope and by nearness of their questions. */
export interface AnswerIndex {
  /** Adds an answer, or replaces the one to the same question in the same scope. */
  put(entry: StoredAnswer): Promise<void>;
  /** Answers of one scope that have not expired, nearest first. */
  nearest(query: NearQuery): Promise<readonly NearAnswer[]>;
  /** Removes every answer of the tenant that rests on a document. @returns how many there were */
  deleteByDocument(tenant: string, documentId: string): Promise<number>;
}
