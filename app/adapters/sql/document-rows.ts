import type { Kysely } from 'kysely';
import type { Document } from '../../documents/document-store.js';
import type { DocumentRow, Schema } from './schema.js';

/** A document of a tenant, without its passages. */
export async function findDocument(db: Kysely<Schema>, tenant: string, id: string): Promise<Document | undefined> {
  const row = await db
    .selectFrom('documents')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toDocument(row);
}

/** Oldest first; of one age by id. */
export async function listDocuments(
  db: Kysely<Schema>,
  tenant: string,
  collection: string,
): Promise<readonly Document[]> {
  const rows = await db
    .selectFrom('documents')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('collection', '=', collection)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map(toDocument);
}

export async function insertDocument(db: Kysely<Schema>, document: Document): Promise<void> {
  await db.insertInto('documents').values(toRow(document)).execute();
}

/** Removes a document with what hangs on it. @returns the collection that it was in */
export async function removeDocument(db: Kysely<Schema>, tenant: string, id: string): Promise<string | undefined> {
  const removed = await db
    .deleteFrom('documents')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returning('collection')
    .executeTakeFirst();
  return removed?.collection;
}

export function toDocument(row: DocumentRow): Document {
  return { ...row, metadata: JSON.parse(row.metadata) };
}

function toRow({ id, tenant, collection, source, metadata, contentHash, createdAt }: Document): DocumentRow {
  return { id, tenant, collection, source, metadata: JSON.stringify(metadata), contentHash, createdAt };
}
