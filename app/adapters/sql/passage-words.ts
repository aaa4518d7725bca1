import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Document, Metadata, ScoredPassage, WordQuery } from '../../documents/document-store.js';
import { subjectKeys } from '../../llm/terms.js';
import { toDocument } from './document-rows.js';
import type { DocumentRow, Schema } from './schema.js';

/** Rows of one insert: at five values each, far below what a statement may hold. */
const ROWS_PER_INSERT = 500;

/**
 * Makes passages findable by their words. What is indexed are the stems of the words that say something, as the application takes a text apart: so that
 * SQLite (FTS5) and PostgreSQL (tsvector) find the same, in any language.
 */
export async function insertWords(
  db: Kysely<Schema>,
  { tenant, id }: Pick<Document, 'tenant' | 'id'>,
  passages: readonly { readonly index: number; readonly text: string }[],
): Promise<void> {
  const rows = passages.map(({ index, text }) => ({
    tenant,
    documentId: id,
    position: index,
    text,
    words: subjectKeys(text).join(' '),
  }));
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const some = rows.slice(start, start + ROWS_PER_INSERT);
    await db.insertInto('passageWords').values(some).execute();
  }
}

/** Passages that have any of a query's words, best first by the database's own rank (bm25, ts_rank); equal ones by document id, then index. */
export async function searchWords(
  db: Kysely<Schema>,
  { tenant, collection, text, topK, filter = {} }: WordQuery,
): Promise<readonly ScoredPassage[]> {
  const keys = [...new Set(subjectKeys(text))];
  if (keys.length === 0) return [];
  const { matches, score, holds } = dialectOf(db, keys);
  const conditions = [
    matches,
    sql`d.tenant = ${tenant}`,
    sql`d.collection = ${collection}`,
    ...Object.entries(filter).map(([name, value]) => holds({ [name]: value })),
  ];
  const { rows } = await sql<DocumentRow & { position: number; text: string; score: number }>`
    select d.*, passage_words.position, passage_words.text, ${score} as score
    from passage_words
    join documents d on d.tenant = passage_words.tenant and d.id = passage_words.document_id
    where ${sql.join(conditions, sql` and `)}
    order by score desc, d.id, passage_words.position
    limit ${topK}`.execute(db);
  return rows.map(({ position, text: found, score: rank, ...row }) => ({
    document: toDocument(row),
    index: Number(position),
    text: found,
    score: Number(rank),
  }));
}

interface WordDialect {
  readonly matches: RawBuilder<unknown>;
  /** Higher is better. */
  readonly score: RawBuilder<unknown>;
  /** Whether a document's metadata holds a pair. */
  holds(pair: Metadata): RawBuilder<unknown>;
}

function dialectOf(db: Kysely<Schema>, keys: readonly string[]): WordDialect {
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    const query = sql.join(
      keys.map((key) => sql`plainto_tsquery('simple', ${key})`),
      sql` || `,
    );
    const words = sql`to_tsvector('simple', passage_words.words)`;
    return {
      matches: sql`${words} @@ (${query})`,
      score: sql`ts_rank(${words}, (${query}))`,
      holds: (pair) => sql`d.metadata::jsonb @> ${JSON.stringify(pair)}::jsonb`,
    };
  }
  return {
    // Letters and digits alone: nothing in a key ends its quotation.
    matches: sql`passage_words match ${keys.map((key) => `"${key}"`).join(' OR ')}`,
    score: sql`-bm25(passage_words)`,
    holds: (pair) =>
      sql.join(
        Object.entries(pair).map(
          ([name, value]) =>
            sql`exists (select 1 from json_each(d.metadata) where json_each.key = ${name} and json_each.value = ${value})`,
        ),
        sql` and `,
      ),
  };
}
