import { LRUCache } from 'lru-cache';
import { embeddedBounds } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import type { AnswerIndex, NearAnswer, NearQuery, StoredAnswer } from '../../semantic-cache/answer-index.js';
import { cosineOrLess, type PrunedVector, toPruned } from './pruned-vector.js';

interface Indexed {
  readonly key: string;
  readonly entry: StoredAnswer;
  readonly vector: PrunedVector;
}

/** Answers within one process, found by looking at each of the scope. The answer used least recently goes first. */
export class MemoryAnswerIndex implements AnswerIndex {
  readonly #entries: LRUCache<string, Indexed>;
  readonly #byScope = new Map<string, Set<Indexed>>();

  /** @param maxEntries @default embeddedBounds.cachedAnswers */
  constructor(
    private readonly clock: Clock,
    maxEntries: number = embeddedBounds.cachedAnswers,
  ) {
    this.#entries = new LRUCache({ max: maxEntries, dispose: (indexed) => this.#leaveScope(indexed) });
  }

  async put(entry: StoredAnswer): Promise<void> {
    const key = JSON.stringify([entry.scope, entry.question]);
    const indexed = { key, entry, vector: toPruned(entry.vector) };
    this.#entries.set(key, indexed);
    const others = this.#byScope.get(entry.scope) ?? new Set();
    this.#byScope.set(entry.scope, others.add(indexed));
  }

  async nearest({ scope, vector, minCosine, limit, filter }: NearQuery): Promise<readonly NearAnswer[]> {
    const now = this.clock();
    const asked = toPruned(vector);
    const wanted = Object.entries(filter);
    const near: { readonly indexed: Indexed; readonly cosine: number }[] = [];
    const over: Indexed[] = [];
    for (const indexed of this.#byScope.get(scope) ?? []) {
      const { expiresAt, metadata } = indexed.entry;
      if (expiresAt !== null && expiresAt <= now) {
        over.push(indexed);
        continue;
      }
      const cosine = cosineOrLess(asked, indexed.vector, minCosine);
      if (cosine >= minCosine && wanted.every(([name, value]) => metadata[name] === value))
        near.push({ indexed, cosine });
    }
    for (const { key } of over) this.#entries.delete(key);
    const nearest = near.sort((a, b) => b.cosine - a.cosine).slice(0, limit);
    for (const { indexed } of nearest) this.#entries.get(indexed.key);
    return nearest.map(({ indexed, cosine }) => ({ entry: indexed.entry, cosine }));
  }

  async deleteByDocument(tenant: string, documentId: string): Promise<number> {
    const stale = [...this.#entries.values()].filter(
      ({ entry }) => entry.tenant === tenant && entry.documents.includes(documentId),
    );
    for (const { key } of stale) this.#entries.delete(key);
    return stale.length;
  }

  #leaveScope(indexed: Indexed): void {
    const { scope } = indexed.entry;
    const others = this.#byScope.get(scope);
    others?.delete(indexed);
    if (others?.size === 0) this.#byScope.delete(scope);
  }
}
