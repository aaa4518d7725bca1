import { LRUCache } from 'lru-cache';
import { embeddedBounds } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import type { AnswerIndex, NearAnswer, NearQuery, StoredAnswer } from '../../semantic-cache/answer-index.js';
import { type Placed, VectorBlock } from './vector-block.js';

interface Indexed extends Placed {
  readonly key: string;
  readonly entry: StoredAnswer;
  readonly block: string;
}

/** Answers within one process, found by looking at each of the scope. The answer used least recently goes first. */
export class MemoryAnswerIndex implements AnswerIndex {
  readonly #entries: LRUCache<string, Indexed>;
  readonly #blocks = new Map<string, VectorBlock<Indexed>>();

  /** @param maxEntries @default embeddedBounds.cachedAnswers */
  constructor(
    private readonly clock: Clock,
    maxEntries: number = embeddedBounds.cachedAnswers,
  ) {
    this.#entries = new LRUCache({ max: maxEntries, dispose: (indexed) => this.#leaveBlock(indexed) });
  }

  async put(entry: StoredAnswer): Promise<void> {
    const key = JSON.stringify([entry.scope, entry.question]);
    const indexed = { key, entry, block: blockOf(entry), slot: 0 };
    this.#entries.set(key, indexed);
    const block = this.#blocks.get(indexed.block) ?? new VectorBlock<Indexed>(entry.vector.length);
    this.#blocks.set(indexed.block, block);
    block.add(indexed, entry.vector);
  }

  async nearest({ scope, vector, minCosine, limit, filter }: NearQuery): Promise<readonly NearAnswer[]> {
    const wanted = Object.entries(filter);
    const all = this.#blocks.get(blockOf({ scope, vector }))?.near(vector, minCosine) ?? [];
    const fresh = all.filter(({ item }) => !this.#isOver(item));
    const nearest = fresh
      .filter(({ item }) => wanted.every(([name, value]) => item.entry.metadata[name] === value))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, limit);
    for (const { item } of nearest) this.#entries.get(item.key);
    return nearest.map(({ item, cosine }) => ({ entry: item.entry, cosine }));
  }

  async deleteByDocument(tenant: string, documentId: string): Promise<number> {
    const stale = [...this.#entries.values()].filter(
      ({ entry }) => entry.tenant === tenant && entry.documents.includes(documentId),
    );
    for (const { key } of stale) this.#entries.delete(key);
    return stale.length;
  }

  /** What is over is let go when it is come upon. */
  #isOver({ key, entry: { expiresAt } }: Indexed): boolean {
    const over = expiresAt !== null && expiresAt <= this.clock();
    if (over) this.#entries.delete(key);
    return over;
  }

  #leaveBlock(indexed: Indexed): void {
    const block = this.#blocks.get(indexed.block);
    block?.remove(indexed);
    if (block?.size === 0) this.#blocks.delete(indexed.block);
  }
}

/** Vectors of two lengths come from two models, and are not near each other. */
function blockOf({ scope, vector }: Pick<NearQuery, 'scope' | 'vector'>): string {
  return `${vector.length} ${scope}`;
}
