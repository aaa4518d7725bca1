import { type Kysely, type Migration, type MigrationProvider, PostgresAdapter, sql } from 'kysely';
import { addColumns, createTable } from './create-table.js';
import { insertWords } from './passage-words.js';
import type { Schema } from './schema.js';

const session = { tenant: 'text', user: 'text', session: 'text' } as const;
const sessionKey = ['tenant', 'user', 'session'] as const;

/** A released migration never changes: what a later release needs is another one. */
const initial: Migration = {
  async up(db) {
    await createTable(db, 'conversations', {
      columns: { ...session, last_seq: 'bigint', expires_at: 'bigint' },
      primaryKey: sessionKey,
      indexes: { expiry: ['expires_at'] },
    });
    await createTable(db, 'messages', {
      columns: { ...session, seq: 'bigint', role: 'text', content: 'text', at: 'bigint' },
      primaryKey: [...sessionKey, 'seq'],
      partOf: { table: 'conversations', columns: sessionKey, key: sessionKey },
    });
    await createTable(db, 'documents', {
      columns: {
        tenant: 'text',
        id: 'text',
        collection: 'text',
        source: 'text',
        metadata: 'text',
        content_hash: 'text',
        created_at: 'bigint',
      },
      primaryKey: ['tenant', 'id'],
      indexes: { collection: ['tenant', 'collection'] },
    });
    await createTable(db, 'passages', {
      columns: { tenant: 'text', document_id: 'text', position: 'integer', text: 'text', vector: 'bytea' },
      primaryKey: ['tenant', 'document_id', 'position'],
      partOf: { table: 'documents', columns: ['tenant', 'document_id'], key: ['tenant', 'id'] },
    });
    await createTable(db, 'tasks', {
      columns: { id: 'text', state: 'text', record: 'text', created_at: 'bigint' },
      nullable: { expires_at: 'bigint' },
      primaryKey: ['id'],
      indexes: { state: ['state', 'created_at'], expiry: ['expires_at'] },
    });
    await createTable(db, 'ledger_entries', {
      columns: {
        id: 'text',
        at: 'bigint',
        tenant: 'text',
        user: 'text',
        tier: 'text',
        model: 'text',
        input_tokens: 'bigint',
        output_tokens: 'bigint',
        cost_micro_usd: 'bigint',
      },
      primaryKey: ['id'],
      indexes: { owner: ['tenant', 'user', 'at'] },
    });
    await createTable(db, 'experiments', {
      columns: { name: 'text', definition: 'text' },
      primaryKey: ['name'],
    });
    await createTable(db, 'exposures', {
      columns: { experiment: 'text', unit: 'text', variant: 'text', at: 'bigint' },
      primaryKey: ['experiment', 'unit'],
    });
    await createTable(db, 'observations', {
      columns: { experiment: 'text', metric: 'text', unit: 'text', count: 'bigint', sum: 'double precision' },
      primaryKey: ['experiment', 'metric', 'unit'],
    });
  },
};

/** Passages may be in a vector database instead: then the document says which of its points count. */
const documentVectors: Migration = {
  async up(db) {
    await createTable(db, 'document_vectors', {
      columns: { tenant: 'text', document_id: 'text', collection: 'text', generation: 'text' },
      nullable: { dimensions: 'integer' },
      primaryKey: ['tenant', 'document_id'],
      partOf: { table: 'documents', columns: ['tenant', 'document_id'], key: ['tenant', 'id'] },
      indexes: { collection: ['tenant', 'collection'] },
    });
  },
};

/** API keys, by their hashes only. */
const apiKeys: Migration = {
  async up(db) {
    await createTable(db, 'api_keys', {
      columns: {
        id: 'text',
        hash: 'text',
        name: 'text',
        tenant: 'text',
        user: 'text',
        tier: 'text',
        created_at: 'bigint',
      },
      nullable: { revoked_at: 'bigint' },
      primaryKey: ['id'],
      uniques: { hash: ['hash'] },
    });
  },
};

/** Passages are found by their words too: by FTS5, whose tables know no foreign keys, or by a tsvector. Those that are in a vector database have no text here, and are found by words once they are sent again. */
const passageWords: Migration = {
  async up(db: Kysely<unknown>) {
    if (db.getExecutor().adapter instanceof PostgresAdapter) {
      await createTable(db, 'passage_words', {
        columns: { tenant: 'text', document_id: 'text', position: 'integer', text: 'text', words: 'text' },
        primaryKey: ['tenant', 'document_id', 'position'],
        partOf: { table: 'documents', columns: ['tenant', 'document_id'], key: ['tenant', 'id'] },
      });
      await sql`create index passage_words_search on passage_words using gin (to_tsvector('simple', words))`.execute(
        db,
      );
    } else {
      await sql`create virtual table passage_words using fts5(
        words, tenant unindexed, document_id unindexed, position unindexed, text unindexed)`.execute(db);
      await sql`create trigger passage_words_documents after delete on documents begin
        delete from passage_words where tenant = old.tenant and document_id = old.id; end`.execute(db);
    }
    const typed = db as Kysely<Schema>;
    const known = await typed.selectFrom('documents').select(['tenant', 'id']).execute();
    for (const document of known) {
      const passages = await typed
        .selectFrom('passages')
        .select(['position as index', 'text'])
        .where('tenant', '=', document.tenant)
        .where('documentId', '=', document.id)
        .execute();
      await insertWords(typed, document, passages);
    }
  },
};

const account = { tenant: 'text', user: 'text', whole: 'integer', period: 'text' } as const;
const accountKey = ['tenant', 'user', 'whole', 'period'] as const;

/** What a call was for and what its figures rest on; sums by account, and the alerts that were given of them. */
const ledger: Migration = {
  async up(db) {
    const texts = { feature: 'other', provider: '', kind: 'chat', basis: 'reported' };
    await addColumns(db, 'ledger_entries', { text: texts, bigint: { saved_micro_usd: 0 } });
    await createTable(db, 'spending', { columns: { ...account, cost_micro_usd: 'bigint' }, primaryKey: accountKey });
    await createTable(db, 'budget_alerts', {
      columns: { ...account, limit_micro_usd: 'bigint', percent: 'integer' },
      primaryKey: [...accountKey, 'limit_micro_usd', 'percent'],
    });
    await db.schema
      .createIndex('ledger_entries_basis')
      .on('ledger_entries')
      .columns(['basis', 'provider', 'at'])
      .execute();
  },
};

/** Experiments have several metrics of several kinds, their changes are told, and an outcome that is sent again counts once. */
const experiments: Migration = {
  async up(db: Kysely<unknown>) {
    const typed = db as Kysely<Schema>;
    for (const { name, definition } of await typed.selectFrom('experiments').selectAll().execute()) {
      const { metric, variants, ...kept } = JSON.parse(definition);
      await typed
        .updateTable('experiments')
        .set({
          definition: JSON.stringify({
            ...kept,
            variants: variants.map(({ config, ...one }: { config: object }) => ({ ...one, config: known(config) })),
            metrics: [{ name: metric, kind: 'mean' }],
          }),
        })
        .where('name', '=', name)
        .execute();
    }
    await createTable(db, 'experiment_changes', {
      columns: { experiment: 'text', number: 'bigint', at: 'bigint', by: 'text', after: 'text' },
      nullable: { before: 'text' },
      primaryKey: ['experiment', 'number'],
    });
    await createTable(db, 'outcomes', {
      columns: {
        experiment: 'text',
        unit: 'text',
        id: 'text',
        metric: 'text',
        value: 'double precision',
        at: 'bigint',
      },
      primaryKey: ['experiment', 'unit', 'id'],
    });
    for (const table of ['exposures', 'observations', 'outcomes']) {
      await db.schema.createIndex(`${table}_unit`).on(table).column('unit').execute();
    }
  },
};

/** What was measured of a unit before it was exposed is kept by itself. */
const priorValues: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [column, type] of [
      ['prior_count', 'integer'],
      ['prior_sum', 'double precision'],
    ] as const) {
      await db.schema
        .alterTable('observations')
        .addColumn(column, type, (one) => one.notNull().defaultTo(0))
        .execute();
    }
  },
};

/**
 * Outcomes of sessions are named by users: what is told of one session is of no other. Those from before keep the session in the place of the user: who sends one
 * of them again has it counted again.
 */
const outcomesOfUsers: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('outcomes').addColumn('session', 'text').execute();
  },
};

/** What the platform took from a variant's configuration: the number of passages. Whatever else stood there changed nothing. */
function known(config: object): object {
  return 'topK' in config ? { topK: config.topK } : {};
}

/**
 * Every change of the schema, applied in the order of its name: in PostgreSQL all in one transaction, as half of them would serve no release.
 * Processes of the release before serve on the new schema meanwhile, and again when it is taken back: a change adds, and what nobody reads any more
 * goes a release later.
 *
 * So no index is built `concurrently`, and one on a table that is in use keeps its writers waiting until the transaction is over. That of
 * 0004 is on a new table, where nobody waits; those of 0005 and 0006 are not, and entries of the ledger wait in their processes meanwhile.
 * A later one on a table of millions of rows is to be built by hand before its release, concurrently, and to be made here `ifNotExists()`.
 */
export const migrations: MigrationProvider = {
  async getMigrations() {
    return {
      '0001-initial': initial,
      '0002-document-vectors': documentVectors,
      '0003-api-keys': apiKeys,
      '0004-passage-words': passageWords,
      '0005-ledger': ledger,
      '0006-experiments': experiments,
      '0007-prior-values': priorValues,
      '0008-outcomes-of-users': outcomesOfUsers,
    };
  },
};
