import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Document, DocumentStore, Passage } from './document-store.js';
import { sampleDocument } from './sample-document.fixture.js';
import { VectorDimensionError } from './vector-dimension-error.js';
import { describeWordSearch } from './word-search.conformance.js';

/** A store under test. */
export interface DocumentStoreFixture {
  readonly store: DocumentStore;
  /** @default nothing to close */
  close?(): Promise<void>;
}

function passagesOf(documentId: string, ...vectors: readonly (readonly number[])[]): Passage[] {
  return vectors.map((vector, index) => ({ documentId, index, text: `${documentId} passage ${index}`, vector }));
}

/** What every store of documents does. `make` gives an empty one. */
export function describeDocumentStore(name: string, make: () => Promise<DocumentStoreFixture>): void {
  describe(`${name} as a document store`, () => {
    let fixture: DocumentStoreFixture;
    let store: DocumentStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    const put = async (document: Document, ...vectors: readonly (readonly number[])[]) =>
      store.put(document, passagesOf(document.id, ...vectors));
    const search = async (
      vector: readonly number[],
      changes: { tenant?: string; collection?: string; topK?: number } = {},
    ) => store.search({ tenant: 'acme', collection: 'manuals', vector, topK: 10, ...changes });
    const found = async (...query: Parameters<typeof search>) =>
      (await search(...query)).map(({ document, index }) => `${document.id}/${index}`);

    describeWordSearch(() => store);

    it('gives documents back whole', async () => {
      const document = sampleDocument('d1', {
        source: `o'Brien "Größe" \u{1F600}.pdf`,
        metadata: { topic: 'engines', contentHash: 'x', created_at: 'y' },
      });
      await put(document, [1, 0]);
      expect(await store.get('acme', 'd1')).toEqual(document);
      expect(await store.list('acme', 'manuals')).toEqual([document]);
      expect(await search([1, 0])).toEqual([{ document, index: 0, text: 'd1 passage 0', score: 1 }]);
    });

    it('knows nothing at first', async () => {
      expect(await store.get('acme', 'd1')).toBeUndefined();
      expect(await store.list('acme', 'manuals')).toEqual([]);
      expect(await search([1, 0])).toEqual([]);
      expect(await store.delete('acme', 'd1')).toBe(false);
    });

    it('lists the oldest first, of one age by id', async () => {
      await put(sampleDocument('d2', { createdAt: 5 }));
      await put(sampleDocument('d9', { createdAt: 4 }));
      await put(sampleDocument('d1', { createdAt: 5 }));
      expect((await store.list('acme', 'manuals')).map(({ id }) => id)).toEqual(['d9', 'd1', 'd2']);
    });

    it('finds the passages nearest in direction, whatever their length, with their cosines', async () => {
      await put(sampleDocument('d1'), [0, 3], [-2, 0]);
      await put(sampleDocument('d2'), [10, 10]);
      const hits = await search([0.5, 0]);
      expect(hits.map(({ document, index }) => `${document.id}/${index}`)).toEqual(['d2/0', 'd1/0', 'd1/1']);
      expect(hits.map(({ score }) => score)).toEqual([expect.closeTo(Math.SQRT1_2, 6), 0, -1]);
    });

    it('gives no more than asked for, and always the best', async () => {
      for (let i = 0; i < 20; i += 1) await put(sampleDocument(`d${i}`), [i, 20]);
      expect(await found([1, 0], { topK: 3 })).toEqual(['d19/0', 'd18/0', 'd17/0']);
      expect(await found([1, 0], { topK: 100 })).toHaveLength(20);
    });

    it('orders equal scores by document and index, however they were put', async () => {
      await put(sampleDocument('b', { createdAt: 1 }), [1, 1], [2, 2]);
      await put(sampleDocument('c', { createdAt: 2 }), [1, 1]);
      await put(sampleDocument('a', { createdAt: 3 }), [3, 3], [1, 1]);
      expect(await found([1, 1])).toEqual(['a/0', 'a/1', 'b/0', 'b/1', 'c/0']);
      expect(await found([1, 1], { topK: 3 })).toEqual(['a/0', 'a/1', 'b/0']);
    });

    it('scores a vector without direction 0', async () => {
      await put(sampleDocument('d1'), [0, 0], [1, 0]);
      expect((await search([1, 0])).map(({ score }) => score)).toEqual([1, 0]);
      expect((await search([0, 0])).map(({ score }) => score)).toEqual([0, 0]);
    });

    it('searches only documents whose metadata holds every pair of the filter', async () => {
      await put(sampleDocument('d1', { metadata: { topic: 'engines', year: '2025' } }), [1, 0]);
      await put(sampleDocument('d2', { metadata: { topic: 'engines', year: '2026' } }), [1, 0]);
      await put(sampleDocument('d3', { metadata: { topic: 'wings' } }), [1, 0]);
      const filtered = async (filter: Record<string, string>) =>
        (await store.search({ tenant: 'acme', collection: 'manuals', vector: [1, 0], topK: 10, filter })).map(
          ({ document }) => document.id,
        );
      expect(await filtered({ topic: 'engines' })).toEqual(['d1', 'd2']);
      expect(await filtered({ topic: 'engines', year: '2026' })).toEqual(['d2']);
      expect(await filtered({ topic: 'engines', author: 'ada' })).toEqual([]);
      expect(await filtered({ toString: 'x' })).toEqual([]);
      expect(await filtered({})).toHaveLength(3);
    });

    it('keeps tenants and collections apart, even under one id', async () => {
      await put(sampleDocument('d1'), [1, 0]);
      await put(sampleDocument('d1', { tenant: 'globex', source: 'theirs' }), [1, 0]);
      await put(sampleDocument('d2', { collection: 'letters' }), [1, 0]);
      expect(await found([1, 0])).toEqual(['d1/0']);
      expect((await search([1, 0], { tenant: 'globex' })).map(({ document }) => document.source)).toEqual(['theirs']);
      expect(await found([1, 0], { collection: 'letters' })).toEqual(['d2/0']);
      expect(await store.get('globex', 'd2')).toBeUndefined();
      expect(await store.delete('globex', 'd2')).toBe(false);
      expect(await store.delete('globex', 'd1')).toBe(true);
      expect(await store.get('acme', 'd1')).toBeDefined();
      expect(await found([1, 0])).toEqual(['d1/0']);
    });

    it('replaces a document of the same id with all its passages, in another collection too', async () => {
      await put(sampleDocument('d1'), [1, 0], [0, 1], [1, 1]);
      await put(sampleDocument('d1', { contentHash: 'cd'.repeat(32) }), [0, 1]);
      expect(await store.get('acme', 'd1')).toMatchObject({ contentHash: 'cd'.repeat(32) });
      expect(await found([0, 1])).toEqual(['d1/0']);
      await search([1, 0], { collection: 'letters' });
      await put(sampleDocument('d1', { collection: 'letters' }), [1, 0]);
      expect(await found([1, 0])).toEqual([]);
      expect(await store.list('acme', 'manuals')).toEqual([]);
      expect(await found([1, 0], { collection: 'letters' })).toEqual(['d1/0']);
    });

    it('forgets a document with its passages, and says whether there was one', async () => {
      await put(sampleDocument('d1'), [1, 0]);
      await put(sampleDocument('d2'), [1, 0]);
      expect(await store.delete('acme', 'd1')).toBe(true);
      expect(await found([1, 0])).toEqual(['d2/0']);
      expect(await store.get('acme', 'd1')).toBeUndefined();
      expect(await store.delete('acme', 'd1')).toBe(false);
    });

    it('keeps a document without passages', async () => {
      await put(sampleDocument('d1'));
      expect(await store.get('acme', 'd1')).toEqual(sampleDocument('d1'));
      expect(await found([1, 0])).toEqual([]);
    });

    it('refuses vectors of another length than the collection, naming both, and stores nothing', async () => {
      await put(sampleDocument('d1'), [1, 0, 0]);
      const refused = put(sampleDocument('d2'), [1, 0]);
      await expect(refused).rejects.toThrow(VectorDimensionError);
      await expect(refused).rejects.toThrow('"manuals" holds vectors of 3 dimensions, this one has 2');
      await expect(put(sampleDocument('d2'), [1, 0, 0], [1])).rejects.toThrow(VectorDimensionError);
      await expect(search([1, 0])).rejects.toThrow(VectorDimensionError);
      expect(await store.get('acme', 'd2')).toBeUndefined();
      expect(await found([1, 0, 0])).toEqual(['d1/0']);
    });

    it('takes other lengths once the documents that had the old one are gone or replaced', async () => {
      await put(sampleDocument('d1'), [1, 0, 0]);
      await put(sampleDocument('d1'), [1, 0]);
      expect(await found([1, 0])).toEqual(['d1/0']);
      await store.delete('acme', 'd1');
      await put(sampleDocument('d2'), [1]);
      expect(await found([1])).toEqual(['d2/0']);
    });

    it('lets one of two first documents of different lengths in when they come at the same time', async () => {
      const results = await Promise.allSettled([
        put(sampleDocument('d1'), [1, 0, 0]),
        put(sampleDocument('d2'), [1, 0]),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await store.list('acme', 'manuals')).toHaveLength(1);
    });

    it('refuses vectors that are not finite, and stores nothing', async () => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(put(sampleDocument('d1'), [1, 0], [bad, 0])).rejects.toThrow('not a finite number');
        await expect(search([bad, 0])).rejects.toThrow('not a finite number');
      }
      expect(await store.get('acme', 'd1')).toBeUndefined();
    });

    it('keeps its old document when a replacement fails half-way', async () => {
      await put(sampleDocument('d1'), [1, 0]);
      const twice = passagesOf('d1', [0, 1], [0, 1]).map((passage) => ({ ...passage, index: 0 }));
      await expect(store.put(sampleDocument('d1', { source: 'new' }), twice)).rejects.toThrow();
      expect(await store.get('acme', 'd1')).toEqual(sampleDocument('d1'));
      expect(await found([1, 0])).toEqual(['d1/0']);
    });

    it('takes documents of many passages', async () => {
      const vectors = Array.from({ length: 1_201 }, (_, i) => [1, i]);
      await put(sampleDocument('d1'), ...vectors);
      expect(await found([1, 0], { topK: 2 })).toEqual(['d1/0', 'd1/1']);
      expect(await found([1, 0], { topK: 5_000 })).toHaveLength(1_201);
    });

    it('agrees with comparing every passage by hand, after any puts and deletes', async () => {
      const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
      const step = fc.record({
        id: fc.integer({ min: 0, max: 4 }),
        vectors: fc.array(vector, { maxLength: 3 }),
        gone: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), vector, fc.uuid(), async (steps, query, collection) => {
          const kept = new Map<string, readonly number[][]>();
          for (const { id, vectors, gone } of steps) {
            const name = `${collection}-${id}`;
            if (gone) expect(await store.delete('acme', name)).toBe(kept.delete(name));
            else {
              await put(sampleDocument(name, { collection }), ...vectors);
              kept.set(name, vectors);
            }
          }
          const expected = [...kept].flatMap(([id, vectors]) =>
            vectors.map((one, index) => ({ id, index, score: cosineOf(one, query) })),
          );
          const actual = await search(query, { collection, topK: 100 });
          expect(actual).toHaveLength(expected.length);
          for (const { document, index, score } of actual) {
            const same = expected.find((one) => one.id === document.id && one.index === index);
            expect(score).toBeCloseTo(same?.score ?? Number.NaN, 6);
          }
          const scores = actual.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
        }),
        { numRuns: 15 },
      );
    });
  });
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
  return product === 0 ? 0 : product / (Math.hypot(...a) * Math.hypot(...b));
}
