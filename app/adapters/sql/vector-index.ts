import type { Document, ScoredPassage } from '../../documents/document-store.js';
import { VectorDimensionError } from '../../documents/vector-dimension-error.js';
import { cosine } from './unit-vector.js';

/** A passage with the direction of its vector. */
export interface IndexedPassage {
  readonly index: number;
  readonly text: string;
  readonly unit: Float32Array;
}

interface Entry {
  readonly document: Document;
  readonly passages: readonly IndexedPassage[];
}

/** One collection's vectors in memory, searched exactly: the query is compared with every passage. */
export class VectorIndex {
  readonly #collection: string;
  readonly #entries = new Map<string, Entry>();

  constructor(collection: string) {
    this.#collection = collection;
  }

  /** @throws {VectorDimensionError} if the passages of a document fit neither each other nor the other documents */
  assertFits(documentId: string, passages: readonly IndexedPassage[]): void {
    const expected = this.#dimensions(documentId) ?? passages[0]?.unit.length;
    for (const { unit } of passages) this.#assertLength(unit, expected);
  }

  /** Adds a document, or replaces the one of the same id. */
  put(document: Document, passages: readonly IndexedPassage[]): void {
    this.#entries.set(document.id, { document, passages });
  }

  delete(documentId: string): void {
    this.#entries.delete(documentId);
  }

  /**
   * The `topK` nearest passages of the documents that `accepts` lets through; best first, equal scores by document id, then index.
   * @throws {VectorDimensionError} if the query is not as long as the passages
   */
  search(unit: Float32Array, topK: number, accepts: (document: Document) => boolean): ScoredPassage[] {
    this.#assertLength(unit, this.#dimensions());
    const best: ScoredPassage[] = [];
    for (const { document, passages } of this.#entries.values()) {
      if (!accepts(document)) continue;
      for (const { index, text, unit: other } of passages) {
        keepIfBest(best, topK, { document, index, text, score: cosine(unit, other) });
      }
    }
    return best;
  }

  /** Those of any document but one; `undefined` when no other document has passages. */
  #dimensions(exceptDocumentId?: string): number | undefined {
    for (const { document, passages } of this.#entries.values()) {
      if (document.id !== exceptDocumentId && passages[0] !== undefined) return passages[0].unit.length;
    }
    return undefined;
  }

  #assertLength({ length }: Float32Array, expected: number | undefined): void {
    if (expected !== undefined && length !== expected)
      throw new VectorDimensionError(this.#collection, expected, length);
  }
}

/** Keeps `best` sorted and no longer than `topK`. */
function keepIfBest(best: ScoredPassage[], topK: number, hit: ScoredPassage): void {
  const last = best.at(-1);
  if (best.length >= topK && (last === undefined || compare(hit, last) > 0)) return;
  const place = best.findIndex((other) => compare(hit, other) < 0);
  best.splice(place === -1 ? best.length : place, 0, hit);
  if (best.length > topK) best.pop();
}

function compare(a: ScoredPassage, b: ScoredPassage): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.document.id !== b.document.id) return a.document.id < b.document.id ? -1 : 1;
  return a.index - b.index;
}
