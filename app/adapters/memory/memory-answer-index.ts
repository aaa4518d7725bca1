import { LRUCache } from 'lru-cache';
import { embeddedBounds } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import type { AnswerIndex, NearAnswer, NearQuery, StoredAnswer } from '../../semantic-cache/answer-index.js';

interface Indexed {
  readonly entry: StoredAnswer;
  /** The question's vector at length 1, so that a cosine is a dot product. */
  readonly unit: Float32Array;
}

/** Answers within one process, found by looking at each of the scope. The answer used least recently goes first. */
export class MemoryAnswerIndex implements AnswerIndex {
  readonly #entries: LRUCache<string, Indexed>;
  readonly #keysByScope = new Map<string, Set<string>>();

  /** @param maxEntries @default embeddedBounds.cachedAnswers */
  constructor(
    private readonly clock: Clock,
    maxEntries: number = embeddedBounds.cachedAnswers,
  ) {
    this.#entries = new LRUCache({ max: maxEntries, dispose: ({ entry }, key) => this.#leaveScope(entry.scope, key) });
  }

  async put(entry: StoredAnswer): Promise<void> {
    const key = JSON.stringify([entry.scope, entry.question]);
    this.#entries.set(key, { entry, unit: unitOf(entry.vector) });
    const keys = this.#keysByScope.get(entry.scope) ?? new Set();
    this.#keysByScope.set(entry.scope, keys.add(key));
  }

  async nearest({ scope, vector, minCosine, limit }: NearQuery): Promise<readonly NearAnswer[]> {
    const now = this.clock();
    const unit = unitOf(vector);
    const near: (NearAnswer & { readonly key: string })[] = [];
    for (const key of [...(this.#keysByScope.get(scope) ?? [])]) {
      const indexed = this.#entries.peek(key);
      if (indexed === undefined) continue;
      const { expiresAt } = indexed.entry;
      if (expiresAt !== null && expiresAt <= now) {
        this.#entries.delete(key);
        continue;
      }
      const cosine = dot(unit, indexed.unit);
      if (cosine >= minCosine) near.push({ key, entry: indexed.entry, cosine });
    }
    const nearest = near.sort((a, b) => b.cosine - a.cosine).slice(0, limit);
    for (const { key } of nearest) this.#entries.get(key);
    return nearest.map(({ entry, cosine }) => ({ entry, cosine }));
  }

  async deleteByDocument(tenant: string, documentId: string): Promise<number> {
    const stale = [...this.#entries.entries()].filter(
      ([, { entry }]) => entry.tenant === tenant && entry.documents.includes(documentId),
    );
    for (const [key] of stale) this.#entries.delete(key);
    return stale.length;
  }

  #leaveScope(scope: string, key: string): void {
    const keys = this.#keysByScope.get(scope);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByScope.delete(scope);
  }
}

/** A vector of zeros stays one: it is near nothing. */
function unitOf(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

/** Vectors of two lengths come from two models, and are not near each other. */
function dot(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return 0;
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}
