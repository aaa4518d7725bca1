/** Every port's conformance suite on the stores that production runs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openQdrant } from '../../app/adapters/qdrant/open-qdrant.js';
import { QdrantAnswerIndex } from '../../app/adapters/qdrant/qdrant-answer-index.js';
import { QdrantDocumentStore } from '../../app/adapters/qdrant/qdrant-document-store.js';
import { S3OriginalStore } from '../../app/adapters/s3/s3-original-store.js';
import { recordEntries } from '../../app/adapters/sql/record-entries.js';
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
import { describeAnswerIndex } from '../../app/semantic-cache/answer-index.conformance.js';
import { ManualTime } from '../support/manual-time.js';
import { describeDocumentsInTwoStores } from './stores/documents-in-two-stores.js';
import { describePostgresConnections } from './stores/postgres-connections.js';
import { describePostgresSchema } from './stores/postgres-schema.js';
import { StoreServers } from './stores/store-servers.js';

let servers: StoreServers;
beforeAll(async () => {
  servers = await StoreServers.start();
});
afterAll(() => servers?.stop());

const withTime = async () => {
  const time = new ManualTime();
  return {
    db: await servers.empty(),
    now: time.clock,
    elapse: async (seconds: number) => time.advance(seconds * 1000),
  };
};

describeConversationStore('PostgreSQL', async () => {
  const { db, now, elapse } = await withTime();
  return { store: new SqlConversationStore(db, now), elapse };
});

describeDocumentStore('PostgreSQL alone', async () => ({ store: new SqlDocumentStore(await servers.empty()) }));

describeTaskStore('PostgreSQL', async () => {
  const { db, now, elapse } = await withTime();
  return { store: new SqlTaskStore(db, now), now, elapse };
});

describeLedger('PostgreSQL', async () => ({ ledger: new SqlLedger(await servers.empty()) }));

describe('the ledger in PostgreSQL', () => {
  // They waited for each other's rows until the server ended one of the two.
  it('takes the same entries from two writers at once, in whatever order each has them', async () => {
    const db = await servers.empty();
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

describeApiKeyStore('PostgreSQL', async () => ({ store: new SqlApiKeyStore(await servers.empty()) }));
describeExperimentStore('PostgreSQL', async () => ({ store: new SqlExperimentStore(await servers.empty()) }));

describeDocumentStore('PostgreSQL with Qdrant', async () => ({
  store: new QdrantDocumentStore(await servers.empty(), openQdrant(servers.qdrant)),
}));

describeAnswerIndex('Qdrant', async (start) => {
  let now = start;
  const client = openQdrant(servers.qdrant);
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
    const client = openQdrant(servers.qdrant);
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
  const store = new S3OriginalStore({ endpoint: servers.objects.endpoint, region: 'us-east-1', bucket, ...keys });
  await store.prepare();
  return store;
}

describePostgresSchema(() => servers);
describePostgresConnections(() => servers);
describeDocumentsInTwoStores(() => servers);

describe('S3', () => {
  it('keeps no part of an upload that broke off', async () => {
    const store = await openBucket('broken-off');
    const content = (async function* () {
      for (let mebibyte = 0; mebibyte < 12; mebibyte++) yield new Uint8Array(2 ** 20);
      throw new Error('The client has gone.');
    })();
    const upload = store.put({ tenant: 'acme', documentId: 'd1' }, { mediaType: 'text/plain', content });
    await expect(upload).rejects.toThrow('The client has gone.');
    const uploads = await (await fetch(`${servers.objects.endpoint}/broken-off?uploads`)).text();
    expect(uploads).toContain('<ListMultipartUploadsResult');
    expect(uploads).not.toContain('<UploadId>');
    await store.close();
  });

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
