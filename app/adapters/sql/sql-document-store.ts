import type { Kysely } from 'kysely';
import type {
  Document,
  DocumentStore,
  Metadata,
  Passage,
  PassageQuery,
  ScoredPassage,
  WordQuery,
} from '../../documents/document-store.js';
import { findDocument, insertDocument, listDocuments, removeDocument } from './document-rows.js';
import { inTurn } from './in-turn.js';
import { insertWords, searchWords } from './passage-words.js';
import type { Schema } from './schema.js';
import { unitVector } from './unit-vector.js';
import { VectorIndex } from './vector-index.js';

/** Rows of one insert: at five values each, far below SQLite's 32,766 parameters and PostgreSQL's 65,535. */
const ROWS_PER_INSERT = 500;

/**
 * Documents in a relational database, searched exactly in memory. A collection is loaded at its first use and kept in step with the
 * tables from then on, so one store is the only writer of its database: in a cluster, vectors belong in a vector database.
 */
export class SqlDocumentStore implements DocumentStore {
  readonly #db: Kysely<Schema>;
  readonly #indexes = new Map<string, VectorIndex>();
  /** Writes and loads: one at a time, so that tables and memory do not drift apart. */
  readonly #inTurn = inTurn();

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async put(document: Document, passages: readonly Passage[]): Promise<void> {
    const indexed = passages.map(({ index, text, vector }) => ({ index, text, unit: unitVector(vector) }));
    await this.#inTurn(async () => {
      const index = await this.#load(document.tenant, document.collection);
      index.assertFits(document.id, indexed);
      const replaced = await this.#write(document, passages);
      if (replaced !== undefined) this.#loaded(document.tenant, replaced)?.delete(document.id);
      index.put(document, indexed);
    });
  }

  get(tenant: string, id: string): Promise<Document | undefined> {
    return findDocument(this.#db, tenant, id);
  }

  list(tenant: string, collection: string): Promise<readonly Document[]> {
    return listDocuments(this.#db, tenant, collection);
  }

  async search({ tenant, collection, vector, topK, filter = {} }: PassageQuery): Promise<readonly ScoredPassage[]> {
    const unit = unitVector(vector);
    const index = this.#loaded(tenant, collection) ?? (await this.#inTurn(() => this.#load(tenant, collection)));
    return index.search(unit, topK, ({ metadata }) => holds(metadata, filter));
  }

  searchWords(query: WordQuery): Promise<readonly ScoredPassage[]> {
    return searchWords(this.#db, query);
  }

  async delete(tenant: string, id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const collection = await removeDocument(this.#db, tenant, id);
      if (collection !== undefined) this.#loaded(tenant, collection)?.delete(id);
      return collection !== undefined;
    });
  }

  /** @returns the collection of the document that this one replaces */
  async #write(document: Document, passages: readonly Passage[]): Promise<string | undefined> {
    const rows = passages.map(({ index, text, vector }) => ({
      tenant: document.tenant,
      documentId: document.id,
      position: index,
      text,
      vector: toBytes(vector),
    }));
    return this.#db.transaction().execute(async (db) => {
      const replaced = await removeDocument(db, document.tenant, document.id);
      await insertDocument(db, document);
      for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
        const some = rows.slice(start, start + ROWS_PER_INSERT);
        await db.insertInto('passages').values(some).execute();
      }
      await insertWords(db, document, passages);
      return replaced;
    });
  }

  #loaded(tenant: string, collection: string): VectorIndex | undefined {
    return this.#indexes.get(JSON.stringify([tenant, collection]));
  }

  async #load(tenant: string, collection: string): Promise<VectorIndex> {
    const loaded = this.#loaded(tenant, collection);
    if (loaded !== undefined) return loaded;
    const index = new VectorIndex(collection);
    for (const document of await this.list(tenant, collection)) {
      const rows = await this.#db
        .selectFrom('passages')
        .select(['position', 'text', 'vector'])
        .where('tenant', '=', tenant)
        .where('documentId', '=', document.id)
        .orderBy('position')
        .execute();
      const passages = rows.map(({ position, text, vector }) => ({
        index: position,
        text,
        unit: unitVector(fromBytes(vector)),
      }));
      index.put(document, passages);
    }
    this.#indexes.set(JSON.stringify([tenant, collection]), index);
    return index;
  }
}

function holds(metadata: Metadata, filter: Metadata): boolean {
  return Object.entries(filter).every(([name, value]) => metadata[name] === value);
}

function toBytes(vector: readonly number[]): Uint8Array {
  return new Uint8Array(new Float32Array(vector).buffer);
}

function fromBytes(bytes: ArrayBuffer | Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).slice().buffer); // a copy: pg's bytes may begin anywhere in theirs
}
