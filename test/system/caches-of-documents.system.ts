/** Three replicas of the orchestrator over one Redis and Qdrant's engine, and the service that documents are changed by. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import type { Kysely } from 'kysely';
import { MemoryOriginalStore } from '../../app/adapters/memory/memory-original-store.js';
import { openQdrant } from '../../app/adapters/qdrant/open-qdrant.js';
import { QdrantAnswerIndex } from '../../app/adapters/qdrant/qdrant-answer-index.js';
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisCacheStore } from '../../app/adapters/redis/redis-cache-store.js';
import { IN_MEMORY, openDatabase } from '../../app/adapters/sql/database.js';
import type { Schema } from '../../app/adapters/sql/schema.js';
import { SqlDocumentStore } from '../../app/adapters/sql/sql-document-store.js';
import { ada, inject, testOptions } from '../../app/runtime/service.fixture.js';
import { wireRag } from '../../app/services/rag/wire-rag.js';
import { orchestratorApi, ragApi, rag as ragSpec } from '../../contract/index.js';
import { FakeProvider } from '../support/fake-provider.js';
import { startOrchestrator, type TestOrchestrator, testCost } from '../support/orchestrator.js';
import { until } from '../support/until.js';
import { type QdrantServer, startQdrant } from './qdrant.js';
import { RedisServer } from './redis.js';

const onError = () => undefined;

let folder: string;
let redis: RedisServer;
let connections: Redis[];
let stores: RedisCacheStore[];
let qdrant: QdrantServer;
let db: Kysely<Schema>;
let provider: FakeProvider;
let replicas: TestOrchestrator[];
let rag: FastifyInstance;
/** Of the provider's answers: by their length one knows which of them is old. */
let words: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'armature-caches-'));
  [redis, qdrant] = await Promise.all([RedisServer.start(), startQdrant(folder)]);
  connections = await Promise.all([0, 1, 2].map(() => openRedis({ url: redis.url, onError })));
  stores = connections.map((connection) => new RedisCacheStore(connection, onError));
  await Promise.all(stores.map((store) => new Promise<void>((resolve) => store.listen(() => resolve()))));
  provider = await FakeProvider.start({
    behave: () => 'ok',
    costOf: testCost,
    get words() {
      return words;
    },
  });
  const indexes = stores.map(() => new QdrantAnswerIndex(openQdrant(qdrant), Date.now));
  // On a busy machine the collection takes longer to be made than the first answer waits for.
  const vector = Array.from({ length: 1536 }, (_, i) => (i === 0 ? 1 : 0));
  const other = { tenant: 'other', scope: 'other', question: 'q', answer: 'a', documents: [], metadata: {} };
  await indexes[0]?.put({ ...other, vector, storedAt: 0, expiresAt: null });
  replicas = await Promise.all(
    stores.map((cacheStore, i) => {
      const answerIndex = indexes[i] as QdrantAnswerIndex;
      return startOrchestrator({ providerUrl: provider.url, parts: { cacheStore, answerIndex } });
    }),
  );
  db = await openDatabase({ path: IN_MEMORY });
  const [cacheStore] = stores as [RedisCacheStore];
  const [{ client }] = replicas as [TestOrchestrator];
  const documents = new SqlDocumentStore(db);
  const originals = new MemoryOriginalStore();
  rag = wireRag({ documents, originals, cacheStore, client, clock: Date.now }, testOptions(ragSpec));
});

afterAll(async () => {
  await rag?.close();
  await Promise.all((replicas ?? []).map((replica) => replica.close()));
  await Promise.all((stores ?? []).map((store) => store.close()));
  for (const connection of connections ?? []) connection.disconnect();
  await Promise.all([db?.destroy(), provider?.stop(), redis?.stop(), qdrant?.program?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function upload(text: string): Promise<string> {
  const body = new TextEncoder().encode(text);
  const query = { source: 'price.md' };
  return (await inject(rag, ragApi.upload, { query, body, contentType: 'text/markdown' })).body.document_id;
}

const changes: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  replaced: () => upload('The ticket costs 7 euros.'),
  'replaced by texts': () =>
    inject(rag, ragApi.addTexts, { body: { source: 'price.md', texts: ['The ticket costs 8 euros.'] } }),
  deleted: (id) => inject(rag, ragApi.deleteDocument, { params: { id } }),
};

describe('an answer that rests on a document', () => {
  it.each(Object.entries(changes))('is gone from every replica when the document is %s', async (_, change) => {
    const id = await upload('The ticket costs 5 euros.');
    // The version of the collection stays what it was: not even who asks for the old one is given what was taken back.
    const ask = async ({ client }: TestOrchestrator, question = 'What does the ticket cost?') => {
      const messages = [{ role: 'user' as const, content: question }];
      const cache = { question, knowledge: 'default@1', documents: [id] };
      const { content, cache: from } = await client.call(
        orchestratorApi.invoke,
        { body: { messages, cache } },
        {
          identity: ada,
          requestId: 'r1',
          traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
          signal: new AbortController().signal,
        },
      );
      return [content.split(' ').length, from.level];
    };
    words = 3;
    const [one] = replicas as [TestOrchestrator];
    expect(await ask(one)).toEqual([3, 'source']);
    for (const replica of replicas) await ask(replica);
    words = 5;
    for (const replica of replicas) expect(await ask(replica)).toEqual([3, 'l1']);
    expect(await ask(one, 'what does the ticket cost please')).toEqual([3, 'semantic']);

    await change(id);
    for (const replica of replicas) await until('it has heard', async () => (await ask(replica))[0] === 5);
    for (const replica of replicas) expect((await ask(replica, 'what does the ticket cost please'))[0]).toBe(5);
    await inject(rag, ragApi.deleteDocument, { params: { id } });
  });
});
