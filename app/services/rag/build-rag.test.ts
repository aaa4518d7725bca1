import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { EMBEDDING_BATCH_SIZE, type Retrieval, rag, ragApi } from '../../../contract/index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { MemoryOriginalStore } from '../../adapters/memory/memory-original-store.js';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import { SqlDocumentStore } from '../../adapters/sql/sql-document-store.js';
import { TieredCache } from '../../cache/tiered-cache.js';
import { LocalHashingEmbeddings } from '../../llm/local-embeddings.js';
import { callerHeaders } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import { ada, eve, inject, testOptions } from '../../runtime/service.fixture.js';
import { buildRag } from './build-rag.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the rag service', () => {
  let app: FastifyInstance;
  let close: () => Promise<void>;
  let embedded = 0;
  let originals: MemoryOriginalStore;
  let forgotten: string[];
  let away: boolean;
  beforeEach(async () => {
    const db = await openDatabase({ path: IN_MEMORY });
    const clock = () => Date.UTC(2026, 0, 1);
    const embeddings = new LocalHashingEmbeddings();
    embedded = 0;
    const embed = (texts: readonly string[]) => {
      expect(texts.length).toBeLessThanOrEqual(EMBEDDING_BATCH_SIZE);
      embedded += texts.length;
      return embeddings.embedDocuments([...texts]);
    };
    const fail = (error: unknown) => {
      throw error;
    };
    const store = new MemoryCacheStore(clock);
    const cache = new TieredCache({ store, clock, onStoreError: fail, onRefreshError: fail });
    originals = new MemoryOriginalStore();
    forgotten = [];
    const forgetAnswers = async (id: string) => {
      if (away) throw errors.unavailable('The orchestrator', 5);
      forgotten.push(id);
    };
    away = false;
    const documents = new SqlDocumentStore(db);
    app = buildRag({ documents, originals, embed, forgetAnswers, cache, clock }, testOptions(rag));
    close = async () => {
      await app.close();
      await db.destroy();
    };
  });
  afterEach(() => close());

  const upload = (source: string, text: string, metadata = '{}') =>
    inject(app, ragApi.upload, { query: { source, metadata }, body: bytes(text), contentType: 'text/markdown' });
  const retrieve = async (query: string, rest: object = {}, as?: typeof eve): Promise<Retrieval> =>
    (await inject(app, ragApi.retrieve, { body: { query, ...rest } }, as)).body;

  it('finds the passage that answers, with its source and score', async () => {
    await upload('leave.md', '# Leave\n\nEveryone has 28 days of leave.');
    await upload('pump.md', '# Pump\n\nThe pump is serviced every six months.');
    const { passages } = await retrieve('how many days of leave');
    expect(passages[0]).toMatchObject({
      source: 'leave.md',
      index: 0,
      text: '# Leave\nEveryone has 28 days of leave.',
    });
    expect(passages[0]?.score).toBeGreaterThan(passages[1]?.score ?? 1);
  });

  it('finds by words what is far by its vector, and says by which search', async () => {
    const others = Array.from({ length: 60 }, (_, i) => `## Part ${i}\n\nThe valve of line ${i} opens to the left.`);
    await upload('valves.md', others.join('\n\n'));
    await upload('codes.md', 'Error E4471: the line is dry.');
    const { passages } = await retrieve('E4471', { top_k: 3 });
    expect(passages[0]).toMatchObject({ source: 'codes.md', ranks: { text: 1 } });
    expect(passages[1]?.ranks).toEqual({ vector: expect.any(Number) });
    expect(passages.map(({ score }) => score)).toEqual(passages.map(({ score }) => score).sort((a, b) => b - a));
  });

  it('replaces a document that is sent again', async () => {
    await upload('price.md', 'The ticket costs 5 euros.');
    await upload('price.md', 'The ticket costs 7 euros.');
    expect((await retrieve('ticket')).passages.map(({ text }) => text)).toEqual(['The ticket costs 7 euros.']);
  });

  it('has the answers forgotten that rest on a document which is sent again or deleted', async () => {
    const { document_id: id } = (await upload('price.md', 'The ticket costs 5 euros.')).body;
    await upload('price.md', 'The ticket costs 7 euros.');
    await inject(app, ragApi.deleteDocument, { params: { id } });
    expect(forgotten).toEqual([id, id, id]);
  });

  it('says when answers could not be forgotten, and does it when the document is deleted once more', async () => {
    const { document_id: id } = (await upload('price.md', 'The ticket costs 5 euros.')).body;
    const remove = async () => (await inject(app, ragApi.deleteDocument, { params: { id } })).status;
    away = true;
    expect(await remove()).toBe(503);
    [away, forgotten] = [false, []];
    expect([await remove(), forgotten]).toEqual([404, [id]]);
  });

  it('forgets the file of an upload that texts replace', async () => {
    const { document_id: documentId } = (await upload('price.md', 'The ticket costs 5 euros.')).body;
    const key = { tenant: ada.tenant, documentId };
    expect(await originals.get(key)).toBeDefined();
    const replaced = await inject(app, ragApi.addTexts, { body: { source: 'price.md', texts: ['It costs 7 euros.'] } });
    expect(replaced.body.document_id).toBe(documentId);
    expect(await originals.get(key)).toBeUndefined();
  });

  it('takes a document of more passages than one call embeds', async () => {
    const sections = Array.from(
      { length: EMBEDDING_BATCH_SIZE + 20 },
      (_, i) => `## Part ${i}\n\nThe text of part ${i}.`,
    );
    expect((await upload('long.md', sections.join('\n\n'))).body).toMatchObject({ passages: sections.length });
    expect(embedded).toBe(sections.length);
  });

  it('filters by metadata', async () => {
    await upload('a.md', 'The ticket costs 5 euros.', '{"year":"2025"}');
    await upload('b.md', 'The ticket costs 7 euros.', '{"year":"2026"}');
    const { passages } = await retrieve('ticket', { filter: { year: '2026' } });
    expect(passages.map(({ source }) => source)).toEqual(['b.md']);
  });

  // PostgreSQL took it as text, and could then make JSON of it for nobody: every search with a filter failed from then on.
  it.each(['{"year":"\\u0000"}', '{"year":"\\ud800"}', '{"year":2026}', '{"year":', '[]'])(
    'takes no document with %s for metadata',
    async (metadata) => {
      expect((await upload('a.md', 'The ticket costs 5 euros.', metadata)).status).toBe(400);
      expect((await inject(app, ragApi.listDocuments, {})).body.documents).toEqual([]);
    },
  );

  it('keeps documents and cached results to their tenant', async () => {
    await upload('secret.md', 'The code is 1234.');
    await retrieve('code');
    expect(await retrieve('code', {}, eve)).toMatchObject({ passages: [], cache: 'source' });
  });

  it('answers a query again from its cache until a document changes', async () => {
    await upload('a.md', 'The ticket costs 5 euros.');
    const first = await retrieve('ticket');
    const again = await retrieve('ticket');
    expect([first.cache, again.cache]).toEqual(['source', 'l1']);
    await upload('b.md', 'The ticket is blue.');
    const later = await retrieve('ticket');
    expect(later.cache).toBe('source');
    expect(later.collection_version).not.toBe(first.collection_version);
  });

  it('keeps the file as it came until the document is deleted, for its tenant alone', async () => {
    const { body } = await upload('a.md', 'The ticket costs 5 euros.');
    const params = { id: body.document_id };
    const key = { tenant: ada.tenant, documentId: body.document_id };
    expect((await inject(app, ragApi.deleteDocument, { params }, eve)).status).toBe(404);
    const kept = await originals.get(key);
    expect(kept?.mediaType).toBe('text/markdown');
    for await (const part of kept?.content ?? [])
      expect(Buffer.from(part).toString()).toBe('The ticket costs 5 euros.');
    await inject(app, ragApi.deleteDocument, { params });
    expect(await originals.get(key)).toBeUndefined();
  });

  it('gives the original back as a file to keep, to its tenant alone, until the document is deleted', async () => {
    const page = '<script>alert(1)</script><p>The ticket costs 5 euros.</p>';
    const source = 'prices/“2026” (new).html';
    const upload = { query: { source }, body: bytes(page), contentType: 'text/html; charset=utf-8' };
    const { body } = await inject(app, ragApi.upload, upload);
    const url = ragApi.original.path.replace(':id', body.document_id);
    const get = (as = ada) =>
      app.inject({ method: 'GET', url, headers: callerHeaders({ identity: as, requestId: 'r', traceparent: '' }) });
    const { statusCode, headers, rawPayload } = await get();
    expect([statusCode, rawPayload.toString()]).toEqual([200, page]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''prices%2F%E2%80%9C2026%E2%80%9D%20%28new%29.html`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    const refused = await get(eve);
    expect([refused.statusCode, refused.json().error.code]).toEqual([404, 'document_not_found']);
    const texts = await inject(app, ragApi.addTexts, { body: { source, texts: ['It costs 7 euros.'] } });
    expect(texts.body.document_id).toBe(body.document_id);
    expect((await get()).json().error.code).toBe('original_not_found');
    await inject(app, ragApi.deleteDocument, { params: { id: body.document_id } });
    expect((await get()).statusCode).toBe(404);
  });

  it('lists documents and deletes one everywhere', async () => {
    const { body } = await upload('a.md', 'The ticket costs 5 euros.');
    expect((await inject(app, ragApi.listDocuments, {})).body.documents).toHaveLength(1);
    const params = { id: body.document_id };
    expect((await inject(app, ragApi.deleteDocument, { params }, eve)).status).toBe(404);
    expect((await inject(app, ragApi.deleteDocument, { params })).status).toBe(200);
    expect((await inject(app, ragApi.deleteDocument, { params })).status).toBe(404);
    expect((await retrieve('ticket')).passages).toEqual([]);
  });

  it('reads a PDF, and says why it cannot read another', async () => {
    const pdf = new Uint8Array(await readFile(new URL('../../documents/fixtures/pump.pdf', import.meta.url)));
    expect((await inject(app, ragApi.upload, { query: { source: 'pump.pdf' }, body: pdf })).body).toMatchObject({
      passages: 1,
    });
    const broken = await inject(app, ragApi.upload, { query: { source: 'broken.pdf' }, body: pdf.slice(0, 60) });
    expect([broken.status, broken.body.error.code]).toEqual([422, 'unreadable_document']);
  });

  it('embeds nothing of a document that it refuses', async () => {
    expect((await upload('a.md', 'text', '{"year":2026}')).body.error.param).toBe('metadata');
    expect((await upload('a.md', ' ')).status).toBe(422);
    expect(embedded).toBe(0);
  });
});
