import type { QdrantClient } from '@qdrant/js-client-rest';
import { v5 as idOf } from 'uuid';
import { semanticCachePolicy } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import type { AnswerIndex, NearAnswer, NearQuery, StoredAnswer } from '../../semantic-cache/answer-index.js';
import { unitVector } from '../sql/unit-vector.js';
import { VectorCollections } from './vector-collections.js';

/** Namespace of the points' ids: one question in one scope has one point. */
const ANSWERS = 'a3d1c2f0-6f5e-4b7a-9d1e-5c0f8e2b7a64';

/** Compared as a number, so that what never expires needs no condition of its own. */
const NEVER = Number.MAX_SAFE_INTEGER;

interface Payload extends Omit<StoredAnswer, 'vector' | 'expiresAt'> {
  readonly expiresAt: number;
  /** The metadata once more, each as one text: a field of its own for each name would need an index for each. */
  readonly facts: readonly string[];
}

/** Earlier answers in Qdrant, shared by all replicas. */
export class QdrantAnswerIndex implements AnswerIndex {
  readonly #client: QdrantClient;
  readonly #collections: VectorCollections;
  readonly #clock: Clock;

  readonly #maxEntries: number;
  #putsUntilLook = 0;

  /** @param maxEntries of vectors of one length. @default semanticCachePolicy.keptAnswers */
  constructor(client: QdrantClient, clock: Clock, maxEntries: number = semanticCachePolicy.keptAnswers) {
    this.#client = client;
    this.#maxEntries = maxEntries;
    this.#clock = clock;
    this.#collections = new VectorCollections(client, {
      kind: 'answers',
      tenantField: 'tenant',
      keywordFields: ['scope', 'documents', 'facts'],
      integerFields: ['expiresAt', 'storedAt'],
    });
  }

  async put({ vector, ...entry }: StoredAnswer): Promise<void> {
    const payload: Payload = { ...entry, expiresAt: entry.expiresAt ?? NEVER, facts: factsOf(entry.metadata) };
    const id = idOf(JSON.stringify([entry.scope, entry.question]), ANSWERS);
    await this.#collections.within(vector.length, async (name) => {
      await this.#client.delete(name, { filter: { must: [{ key: 'expiresAt', range: { lte: this.#clock() } }] } });
      await this.#client.upsert(name, {
        wait: true,
        points: [{ id, vector: [...unitVector(vector)], payload: { ...payload } }],
      });
      await this.#holdBound(name);
    });
  }

  /** Looks now and then: the first put of a process, and one for each hundredth of the bound. */
  async #holdBound(name: string): Promise<void> {
    if (this.#putsUntilLook-- > 0) return;
    this.#putsUntilLook = Math.floor(this.#maxEntries / 100);
    const storedAfter = async (at: number) =>
      (await this.#client.count(name, { filter: storedRange({ gt: at }), exact: true })).count;
    const newestToGo = await lastBeyond(this.#maxEntries, storedAfter, this.#clock());
    if (newestToGo !== undefined) {
      await this.#client.delete(name, { wait: true, filter: storedRange({ lte: newestToGo }) });
    }
  }

  async nearest({ scope, vector, minCosine, limit, filter }: NearQuery): Promise<readonly NearAnswer[]> {
    const must = [
      { key: 'scope', match: { value: scope } },
      { key: 'expiresAt', range: { gt: this.#clock() } },
      ...factsOf(filter).map((value) => ({ key: 'facts', match: { value } })),
    ];
    const found = await this.#collections.ifThere(vector.length, (name) =>
      this.#client.query(name, {
        query: [...unitVector(vector)],
        filter: { must },
        score_threshold: minCosine,
        limit,
        with_payload: true,
      }),
    );
    if (found === undefined) return [];
    return found.points.map(({ score, payload }) => {
      const { expiresAt, facts: _, ...entry } = payload as unknown as Payload;
      return { entry: { ...entry, expiresAt: expiresAt === NEVER ? null : expiresAt }, cosine: Math.min(1, score) };
    });
  }

  async deleteByDocument(tenant: string, documentId: string): Promise<number> {
    const filter = {
      must: [
        { key: 'tenant', match: { value: tenant } },
        { key: 'documents', match: { value: documentId } },
      ],
    };
    let removed = 0;
    for (const name of await this.#collections.list()) {
      removed += (await this.#client.count(name, { filter, exact: true })).count;
      await this.#client.delete(name, { wait: true, filter });
    }
    return removed;
  }
}

function storedRange(range: { readonly gt: number } | { readonly lte: number }) {
  return { must: [{ key: 'storedAt', range }] };
}

/**
 * The latest time at which something was stored that must go for no more than `max` to stay; `undefined` when none must. Found by halves, in some forty
 * counts: Qdrant keeps no order of its own. What was stored in the same millisecond goes together.
 */
async function lastBeyond(
  max: number,
  storedAfter: (at: number) => Promise<number>,
  now: number,
): Promise<number | undefined> {
  if ((await storedAfter(-1)) <= max) return undefined;
  let [tooEarly, late] = [-1, now];
  while (late - tooEarly > 1) {
    const middle = Math.floor((tooEarly + late) / 2);
    if ((await storedAfter(middle)) > max) tooEarly = middle;
    else late = middle;
  }
  return late;
}

function factsOf(metadata: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(metadata).map((fact) => JSON.stringify(fact));
}
