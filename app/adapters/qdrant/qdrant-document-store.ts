import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type {
  Document,
  DocumentStore,
  Passage,
  PassageQuery,
  ScoredPassage,
  WordQuery,
} from '../../documents/document-store.js';
import { VectorDimensionError } from '../../documents/vector-dimension-error.js';
import { findDocument, insertDocument, listDocuments, removeDocument, toDocument } from '../sql/document-rows.js';
import { insertWords, searchWords } from '../sql/passage-words.js';
import type { Schema } from '../sql/schema.js';
import { unitVector } from '../sql/unit-vector.js';
import { type FoundPoint, PassagePoints, type PointQuery } from './passage-points.js';

/**
 * Documents in PostgreSQL, their passages in Qdrant. A document names the generation of points that counts, and that is what commits a write:
 * before it the new points are not seen, after it the old ones are not, and what a process that died left behind never is.
 */
export class QdrantDocumentStore implements DocumentStore {
  readonly #db: Kysely<Schema>;
  readonly #points: PassagePoints;

  /** @param db a PostgreSQL database: writers of one document wait for each other by its advisory locks */
  constructor(db: Kysely<Schema>, client: ConstructorParameters<typeof PassagePoints>[0]) {
    this.#db = db;
    this.#points = new PassagePoints(client);
  }

  async put(document: Document, passages: readonly Passage[]): Promise<void> {
    assertDistinct(document.id, passages);
    const points = passages.map(({ index, text, vector }) => ({ index, text, unit: unitVector(vector) }));
    const dimensions = points[0]?.unit.length ?? null;
    const { tenant, id, collection } = document;
    for (const { unit } of points) assertLength(collection, dimensions, unit.length);
    const generation = randomUUID();
    const before = await this.#db.transaction().execute(async (db) => {
      await lock(db, ['document', tenant, id]);
      const replaced = await vectorsOf(db, tenant, id);
      // Found out before anything is written, and again when no other first document can come in between.
      await this.#assertFits(db, document, dimensions);
      try {
        // What a writer that died left behind. Only here: once the lock is given back, the next writer's points are there too.
        const which = replaced === undefined ? 'all' : { allBut: replaced.generation };
        for (const length of lengths(replaced?.dimensions, dimensions))
          await this.#points.remove(document, length, which);
        await this.#points.add(document, generation, points);
        await lock(db, ['collection', tenant, collection]);
        await this.#assertFits(db, document, dimensions);
        await removeDocument(db, tenant, id);
        await insertDocument(db, document);
        await insertWords(db, document, passages);
        await db
          .insertInto('documentVectors')
          .values({ tenant, documentId: id, collection, generation, dimensions })
          .execute();
      } catch (error) {
        // What stays nobody sees, and the document's next write takes it away; the first error is the one to tell.
        if (dimensions !== null)
          await this.#points.remove(document, dimensions, { only: generation }).catch(() => undefined);
        throw error;
      }
      return replaced;
    });
    // From here on these are only in the way. No others: the next writer may have added its own by now.
    if (typeof before?.dimensions === 'number')
      await this.#points.remove(document, before.dimensions, { only: before.generation });
  }

  get(tenant: string, id: string): Promise<Document | undefined> {
    return findDocument(this.#db, tenant, id);
  }

  list(tenant: string, collection: string): Promise<readonly Document[]> {
    return listDocuments(this.#db, tenant, collection);
  }

  async search({ tenant, collection, vector, topK, filter = {} }: PassageQuery): Promise<readonly ScoredPassage[]> {
    const unit = unitVector(vector);
    const expected = await collectionDimensions(this.#db, tenant, collection);
    if (expected === undefined) return [];
    assertLength(collection, expected, unit.length);
    const query = { tenant, collection, unit, filter };
    // One more than asked for shows whether the last place is shared; what does not count may take more.
    for (let limit = topK + 1; ; limit *= 2) {
      const found = await this.#points.search({ ...query, limit });
      const hits = (await this.#counting(query, found)).sort(compare);
      const exhausted = found.length < limit;
      const edge = found.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
      if (exhausted || limit > MOST_LOOKED_AT || (hits[topK - 1]?.score ?? Number.NEGATIVE_INFINITY) > edge)
        return hits.slice(0, topK);
    }
  }

  searchWords(query: WordQuery): Promise<readonly ScoredPassage[]> {
    return searchWords(this.#db, query);
  }

  async delete(tenant: string, id: string): Promise<boolean> {
    return this.#db.transaction().execute(async (db) => {
      await lock(db, ['document', tenant, id]);
      const vectors = await vectorsOf(db, tenant, id);
      // Points first: should the second step fail, the document is still there to be deleted again.
      for (const length of lengths(vectors?.dimensions)) await this.#points.remove({ tenant, id }, length, 'all');
      return (await removeDocument(db, tenant, id)) !== undefined;
    });
  }

  /** Those of generations that their documents name, with the documents. */
  async #counting({ tenant }: Pick<PointQuery, 'tenant'>, found: readonly FoundPoint[]): Promise<ScoredPassage[]> {
    const ids = [...new Set(found.map(({ documentId }) => documentId))];
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('documents')
      .innerJoin('documentVectors', (join) =>
        join
          .onRef('documentVectors.tenant', '=', 'documents.tenant')
          .onRef('documentVectors.documentId', '=', 'documents.id'),
      )
      .selectAll('documents')
      .select('documentVectors.generation')
      .where('documents.tenant', '=', tenant)
      .where('documents.id', 'in', ids)
      .execute();
    const byGeneration = new Map(rows.map(({ generation, ...row }) => [generation, toDocument(row)]));
    return found.flatMap(({ generation, index, text, score }) => {
      const document = byGeneration.get(generation);
      return document === undefined ? [] : [{ document, index, text, score: Math.max(-1, Math.min(1, score)) }];
    });
  }

  /** @throws {VectorDimensionError} if the collection's other documents have vectors of another length */
  async #assertFits(db: Kysely<Schema>, { tenant, id, collection }: Document, dimensions: number | null) {
    const expected = await collectionDimensions(db, tenant, collection, id);
    if (expected !== undefined && dimensions !== null) assertLength(collection, expected, dimensions);
  }
}

/** Beyond so many passages of one and the same score, it is left open which of them are given. */
const MOST_LOOKED_AT = 10_000;

/** Held to the end of the transaction. The key is hashed: two that meet only wait for each other without need. */
async function lock(db: Kysely<Schema>, key: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify(key)}, 0))`.execute(db);
}

function vectorsOf(db: Kysely<Schema>, tenant: string, id: string) {
  return db
    .selectFrom('documentVectors')
    .select(['dimensions', 'generation'])
    .where('tenant', '=', tenant)
    .where('documentId', '=', id)
    .executeTakeFirst();
}

/** Those of any document but one; `undefined` where no other document has passages. */
async function collectionDimensions(
  db: Kysely<Schema>,
  tenant: string,
  collection: string,
  exceptId?: string,
): Promise<number | undefined> {
  let query = db
    .selectFrom('documentVectors')
    .select('dimensions')
    .where('tenant', '=', tenant)
    .where('collection', '=', collection)
    .where('dimensions', 'is not', null);
  if (exceptId !== undefined) query = query.where('documentId', '!=', exceptId);
  const row = await query.limit(1).executeTakeFirst();
  return row?.dimensions ?? undefined;
}

function lengths(...dimensions: readonly (number | null | undefined)[]): ReadonlySet<number> {
  return new Set(dimensions.filter((one) => typeof one === 'number'));
}

function assertLength(collection: string, expected: number | null, length: number): void {
  if (expected !== null && length !== expected) throw new VectorDimensionError(collection, expected, length);
}

function assertDistinct(documentId: string, passages: readonly Passage[]): void {
  const seen = new Set<number>();
  for (const { index } of passages) {
    if (seen.has(index))
      throw new RangeError(`Document ${documentId}: passage ${index} comes twice; each position holds one passage.`);
    seen.add(index);
  }
}

function compare(a: ScoredPassage, b: ScoredPassage): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.document.id !== b.document.id) return a.document.id < b.document.id ? -1 : 1;
  return a.index - b.index;
}
