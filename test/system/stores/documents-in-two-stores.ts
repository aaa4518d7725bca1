import { describe, expect, it } from '@jest/globals';
import { checkQdrant, openQdrant } from '../../../app/adapters/qdrant/open-qdrant.js';
import { QdrantAnswerIndex } from '../../../app/adapters/qdrant/qdrant-answer-index.js';
import { QdrantDocumentStore } from '../../../app/adapters/qdrant/qdrant-document-store.js';
import type { StoreServers } from './store-servers.js';

/** Documents whose rows are in PostgreSQL and whose passages are in Qdrant: writers that die, and that meet. */
export function describeDocumentsInTwoStores(servers: () => StoreServers): void {
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
      const client = openQdrant(servers().qdrant);
      const store = new QdrantDocumentStore(await servers().empty(), client);
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
      const { db, qdrant } = servers();
      const store = new QdrantDocumentStore(await servers().empty(), openQdrant(qdrant));
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
      const [one, other] = [await servers().empty(), await servers().open()].map(
        (db) => new QdrantDocumentStore(db, openQdrant(servers().qdrant)),
      );
      if (one === undefined || other === undefined) throw new Error('two stores were made');
      const writes = Array.from({ length: 12 }, (_, i) =>
        (i % 2 === 0 ? one : other).put({ ...document, source: `write ${i}` }, passage(`write ${i}`)),
      );
      await Promise.all(writes);
      const hits = await one.search(query);
      expect(hits).toHaveLength(1);
      expect(hits[0]?.text).toBe(hits[0]?.document.source);
    });

    it('takes documents again after Qdrant lost all it had, and finds no passage of those before', async () => {
      const client = openQdrant(servers().qdrant);
      const store = new QdrantDocumentStore(await servers().empty(), client);
      const index = new QdrantAnswerIndex(client, () => 0);
      const answer = { tenant: 'acme', scope: 's', question: 'q', answer: 'a', documents: [], metadata: {} };
      const keepAnswer = () => index.put({ ...answer, vector: [1, 0], storedAt: 0, expiresAt: null });
      const near = { scope: 's', vector: [1, 0], minCosine: 0.5, limit: 5, filter: {} };
      await store.put(document, passage('before'));
      await keepAnswer();
      for (const name of ['passages-2', 'answers-2']) await client.deleteCollection(name);
      expect([await store.search(query), await index.nearest(near)]).toEqual([[], []]);
      await store.put(document, passage('after'));
      await keepAnswer();
      expect((await store.search(query)).map(({ text }) => text)).toEqual(['after']);
      expect(await index.nearest(near)).toHaveLength(1);
      for (const name of ['passages-2', 'answers-2']) await client.deleteCollection(name);
      await store.put({ ...document, id: 'd2' }, [{ documentId: 'd2', index: 0, text: 'at once', vector: [1, 0] }]);
      await keepAnswer();
      expect((await store.search(query)).map(({ text }) => text)).toEqual(['at once']);
      expect(await index.nearest(near)).toHaveLength(1);
    });

    it('is checked by asking it', async () => {
      await checkQdrant(openQdrant(servers().qdrant));
      await expect(checkQdrant(openQdrant({ url: 'http://127.0.0.1:1', apiKey: '' }))).rejects.toThrow();
    });
  });
}
