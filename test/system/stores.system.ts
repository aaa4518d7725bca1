/** Every port's conformance suite on the stores that production runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { checkQdrant, openQdrant } from '../../app/adapters/qdrant/open-qdrant.js';
import { QdrantAnswerIndex } from '../../app/adapters/qdrant/qdrant-answer-index.js';
import { QdrantDocumentStore } from '../../app/adapters/qdrant/qdrant-document-store.js';
import { S3OriginalStore } from '../../app/adapters/s3/s3-original-store.js';
import { openPostgres } from '../../app/adapters/sql/postgres-database.js';
import { recordEntries } from '../../app/adapters/sql/record-entries.js';
import type { Schema } from '../../app/adapters/sql/schema.js';
import { SqlApiKeyStore } from '../../app/adapters/sql/sql-api-key-store.js';
import { SqlConversationStore } from '../../app/adapters/sql/sql-conversation-store.js';
import { SqlDocumentStore } from '../../app/adapters/sql/sql-document-store.js';
import { SqlExperimentStore } from '../../app/adapters/sql/sql-experiment-store.js';
import { SqlLedger } from '../../app/adapters/sql/sql-ledger.js';
import { SqlTaskStore } from '../../app/adapters/sql/sql-task-store.js';
import { describeApiKeyStore } from '../../app/api-keys/api-key-store.conformance.js';
import { describeConversationStore } from '../../app/conversations/conversation-store.conformance.js';
import { describeDocumentStore } from '../../app/documents/document-store.conformance.js';
import { describeOriginalStore } from '../../app/documents/original-store.conformance.js';
import { describeExperimentStore } from '../../app/experiments/experiment-store.conformance.js';
import { describeLedger } from '../../app/ledger/ledger.conformance.js';
import { describeTaskStore } from '../../app/queue/task-store.conformance.js';
import { isStoreAway } from '../../app/runtime/is-store-away.js';
import { describeAnswerIndex } from '../../app/semantic-cache/answer-index.conformance.js';
import { ManualTime } from '../support/manual-time.js';
import { emptyTables } from '../support/sql-databases.js';
import { type ObjectStoreServer, startObjectStore } from './object-store.js';
import { type PostgresServer, startPostgres } from './postgres.js';
import { type QdrantServer, startQdrant } from './qdrant.js';
import { Toxiproxy } from './toxiproxy.js';

let folder: string;
let postgres: PostgresServer;
let qdrant: QdrantServer;
let objects: ObjectStoreServer;
let db: Kysely<Schema>;

const errors: Error[] = [];
const open = (url = postgres.url) =>
  openPostgres({ url, password: postgres.password, onError: (error) => errors.push(error) });
const empty = async () => {
  await emptyTables(db);
  return db;
};
const withTime = async () => {
  const time = new ManualTime();
  return { db: await empty(), now: time.clock, elapse: async (seconds: number) => time.advance(seconds * 1000) };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'armature-stores-'));
  [postgres, qdrant, objects] = await Promise.all([
    startPostgres(folder),
    startQdrant(folder),
    startObjectStore(folder),
  ]);
  db = await open();
  const { rows } = await sql<{ version: string }>`select version()`.execute(db);
  console.info(`Stores: ${rows[0]?.version}; ${qdrant.what}; S3 by moto`);
});

afterAll(async () => {
  await db?.destroy();
  await Promise.all([postgres?.program.stop('SIGINT'), qdrant?.program?.stop(), objects?.program.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describeConversationStore('PostgreSQL', async () => {
  const { db, now, elapse } = await withTime();
  return { store: new SqlConversationStore(db, now), elapse };
});

describeDocumentStore('PostgreSQL alone', async () => ({ store: new SqlDocumentStore(await empty()) }));

describeTaskStore('PostgreSQL', async () => {
  const { db, now, elapse } = await withTime();
  return { store: new SqlTaskStore(db, now), now, elapse };
});

describeLedger('PostgreSQL', async () => ({ ledger: new SqlLedger(await empty()) }));

describe('the ledger in PostgreSQL', () => {
  // They waited for each other's rows until the server ended one of the two.
  it('takes the same entries from two writers at once, in whatever order each has them', async () => {
    const db = await empty();
    const owner = { tenant: 'acme', user: 'ada', tier: 'premium' } as const;
    const call = { feature: 'chat', provider: 'openai', model: 'gpt-x', kind: 'chat', basis: 'reported' } as const;
    const amounts = { inputTokens: 1, outputTokens: 1, costMicroUsd: 1, savedMicroUsd: 0 };
    for (let round = 0; round < 20; round++) {
      const entries = Array.from({ length: 300 }, (_, i) => ({
        id: `${round}-${i}`,
        at: 0,
        owner,
        ...call,
        ...amounts,
      }));
      await Promise.all([recordEntries(db, entries), recordEntries(db, entries.toReversed())]);
    }
    const spent = await new SqlLedger(db).spent([{ tenant: 'acme', user: null, period: '1970-01' }]);
    expect(spent).toEqual([6000]);
  });
});

describeApiKeyStore('PostgreSQL', async () => ({ store: new SqlApiKeyStore(await empty()) }));
describeExperimentStore('PostgreSQL', async () => ({ store: new SqlExperimentStore(await empty()) }));

describeDocumentStore('PostgreSQL with Qdrant', async () => ({
  store: new QdrantDocumentStore(await empty(), openQdrant(qdrant)),
}));

describeAnswerIndex('Qdrant', async (start) => {
  let now = start;
  const client = openQdrant(qdrant);
  const { collections } = await client.getCollections();
  for (const { name } of collections.filter(({ name }) => name.startsWith('answers-'))) {
    await client.delete(name, { wait: true, filter: {} });
  }
  return {
    index: new QdrantAnswerIndex(client, () => now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
});

describe('the answer index in Qdrant', () => {
  it('holds no more than its bound: the oldest answers go, whatever their scope', async () => {
    const client = openQdrant(qdrant);
    let now = Date.UTC(2026, 0, 1);
    const index = new QdrantAnswerIndex(client, () => now, 5);
    // A length of its own: the bound is one for each.
    const vector = [1, 0, 0, 0, 0];
    const put = (i: number) =>
      index.put({
        tenant: 'acme',
        scope: `scope-${i % 2}`,
        question: `q${i}`,
        vector,
        answer: 'a',
        documents: [],
        metadata: {},
        storedAt: now,
        expiresAt: null,
      });
    const kept = async () => {
      const scopes = ['scope-0', 'scope-1'].map((scope) =>
        index.nearest({ scope, vector, minCosine: 0.5, limit: 50, filter: {} }),
      );
      return (await Promise.all(scopes))
        .flat()
        .map(({ entry }) => entry.question)
        .sort();
    };
    for (let i = 0; i < 5; i++, now += 1000) await put(i);
    expect(await kept()).toEqual(['q0', 'q1', 'q2', 'q3', 'q4']);
    for (let i = 5; i < 8; i++, now += 1000) await put(i);
    expect(await kept()).toEqual(['q3', 'q4', 'q5', 'q6', 'q7']);
    // Given again, an old one is new.
    await put(3);
    now += 1000;
    await put(8);
    expect(await kept()).toEqual(['q3', 'q5', 'q6', 'q7', 'q8']);
  });
});

describeOriginalStore('S3', async () => {
  const store = await openBucket(`originals-${Date.now()}`);
  return { store, close: () => store.close() };
});

async function openBucket(bucket: string): Promise<S3OriginalStore> {
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const store = new S3OriginalStore({ endpoint: objects.endpoint, region: 'us-east-1', bucket, ...keys });
  await store.prepare();
  return store;
}

describe('PostgreSQL', () => {
  it('is brought up to date once when many processes start together', async () => {
    await sql`create database together`.execute(db);
    const url = postgres.url.replace(/postgres$/, 'together');
    const opened = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      opened[0] ?? db,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      '0001-initial',
      '0002-document-vectors',
      '0003-api-keys',
      '0004-passage-words',
      '0005-ledger',
      '0006-experiments',
      '0007-prior-values',
    ]);
    await Promise.all(opened.map((one) => one.destroy()));
  });

  it('is verified by the certificate of its own authority, where one is given, and by its name', async () => {
    const { password, ca } = postgres;
    const verified = `${postgres.url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full`;
    const opened = await openPostgres({ url: verified, password, ca, onError: () => undefined });
    const { rows } = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(opened);
    expect(rows).toEqual([{ ssl: true }]);
    await opened.destroy();
    const unknown = openPostgres({ url: verified, password, onError: () => undefined });
    await expect(unknown).rejects.toThrow('self-signed certificate');
    const byAddress = verified.replace('localhost', '127.0.0.1');
    const other = openPostgres({ url: byAddress, password, ca, onError: () => undefined });
    await expect(other).rejects.toThrow(/altnames/);
  });

  it('says why it cannot be opened', async () => {
    const wrong = openPostgres({ url: postgres.url, password: 'wrong', onError: () => undefined });
    await expect(wrong).rejects.toThrow('password authentication failed');
    const away = openPostgres({ url: 'postgres://a@127.0.0.1:1/b', password: '', onError: () => undefined });
    await expect(away).rejects.toThrow('ECONNREFUSED');
  });

  it('is given up where it says nothing, once for a transaction, and asked again over another connection', async () => {
    const network = await Toxiproxy.start(folder);
    try {
      const url = await network.through('PostgreSQL', postgres.url);
      const one = { maxConnections: 1, statementMs: 500, onError: () => undefined };
      const other = await openPostgres({ url, password: postgres.password, ...one });
      const stalled = other.transaction().execute(async (transaction) => {
        await network.delay('PostgreSQL', 60_000);
        return sql`select 1`.execute(transaction);
      });
      // The rollback is not waited for: its connection is gone.
      const error: unknown = await stalled.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: 'Client was closed and is not queryable' });
      expect(isStoreAway(error)).toBe(true);
      await network.mend();
      expect(await sql<{ one: number }>`select 1 as one`.execute(other)).toMatchObject({ rows: [{ one: 1 }] });
      await other.destroy();
    } finally {
      await network.stop();
    }
  });

  it('answers again after its connections were cut', async () => {
    const other = await open();
    await sql`select 1`.execute(other);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid != pg_backend_pid() and backend_type = 'client backend'`.execute(
      db,
    );
    // The cut reaches the pool by itself; until then a query may still meet the dead connection.
    for (let failures = 0; ; failures += 1) {
      const answer = await sql<{ one: number }>`select 1 as one`.execute(other).catch(() => undefined);
      if (answer !== undefined) break;
      expect(failures).toBeLessThan(10);
    }
    await other.destroy();
  });
});

describe('PostgreSQL with Qdrant', () => {
  const document = {
    id: 'd1',
    tenant: 'acme',
    collection: 'crash',
    source: 'a.md',
    metadata: {},
    contentHash: 'ab',
    createdAt: 1,
  };
  const passage = (text: string) => [{ documentId: 'd1', index: 0, text, vector: [1, 0] }];
  const query = { tenant: 'acme', collection: 'crash', vector: [1, 0], topK: 5 };

  it('never shows passages of a write that died before it was committed, and removes them at the next', async () => {
    const client = openQdrant(qdrant);
    const store = new QdrantDocumentStore(await empty(), client);
    await store.put(document, passage('committed'));
    const orphan = { tenant: 'acme', collection: 'crash', document: 'd1', generation: 'died', position: 0 };
    await client.upsert('passages-2', {
      wait: true,
      points: [{ id: 1, vector: [1, 0], payload: { ...orphan, text: 'never committed', metadata: [] } }],
    });
    expect((await store.search(query)).map(({ text }) => text)).toEqual(['committed']);
    await store.put(document, passage('replaced'));
    const filter = { must: [{ key: 'collection', match: { value: 'crash' } }] };
    expect(await client.count('passages-2', { filter, exact: true })).toEqual({ count: 1 });
    expect((await store.search(query)).map(({ text }) => text)).toEqual(['replaced']);
  });

  it('keeps the passages of a writer that comes between another’s commit and its clean-up', async () => {
    const store = new QdrantDocumentStore(await empty(), openQdrant(qdrant));
    const write = (to: QdrantDocumentStore, source: string) => to.put({ ...document, source }, passage(source));
    await write(store, 'first');
    const client = openQdrant(qdrant);
    const remove = client.delete.bind(client);
    client.delete = async (...args) => {
      const written = await store.get('acme', 'd1');
      if (written?.source === 'second') await write(store, 'third');
      return remove(...args);
    };
    await write(new QdrantDocumentStore(db, client), 'second');
    expect((await store.search(query)).map(({ text, document }) => [document.source, text])).toEqual([
      ['third', 'third'],
    ]);
  });

  it('keeps one document of many writers, with the passages of that one write', async () => {
    const [one, other] = [await empty(), await open()].map((each) => new QdrantDocumentStore(each, openQdrant(qdrant)));
    if (one === undefined || other === undefined) throw new Error('two stores were made');
    const writes = Array.from({ length: 12 }, (_, i) =>
      (i % 2 === 0 ? one : other).put({ ...document, source: `write ${i}` }, passage(`write ${i}`)),
    );
    await Promise.all(writes);
    const hits = await one.search(query);
    expect(hits).toHaveLength(1);
    expect(hits[0]?.text).toBe(hits[0]?.document.source);
  });

  it('is checked by asking it', async () => {
    await checkQdrant(openQdrant(qdrant));
    await expect(checkQdrant(openQdrant({ url: 'http://127.0.0.1:1', apiKey: '' }))).rejects.toThrow();
  });
});

describe('S3', () => {
  it('makes its bucket once, and tells when it cannot be reached', async () => {
    const first = await openBucket('made-once');
    await (await openBucket('made-once')).close();
    await first.check();
    await first.close();
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
    const away = new S3OriginalStore({ endpoint: 'http://127.0.0.1:1', region: 'r', bucket: 'b', ...keys });
    await expect(away.check()).rejects.toThrow('ECONNREFUSED');
    await away.close();
  });
});
