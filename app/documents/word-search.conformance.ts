import { describe, expect, it } from '@jest/globals';
import type { Document, DocumentStore, WordQuery } from './document-store.js';
import { sampleDocument } from './sample-document.fixture.js';

/** What every store of documents finds by words. `store` gives the empty one of the test that runs. */
export function describeWordSearch(store: () => DocumentStore): void {
  describe('by words', () => {
    const write = (id: string, texts: readonly string[], changes: Partial<Document> = {}) => {
      const document = sampleDocument(id, changes);
      return store().put(
        document,
        texts.map((text, index) => ({ documentId: id, index, text, vector: [1, 0] })),
      );
    };
    const byWords = async (text: string, changes: Partial<WordQuery> = {}) =>
      (await store().searchWords({ tenant: 'acme', collection: 'manuals', text, topK: 10, ...changes })).map(
        ({ document, index }) => `${document.id}/${index}`,
      );

    it('finds passages that have them, in whatever form, and the best first', async () => {
      await write('pump', ['The pumps are serviced in winter.', 'Seals of part XJ-4471 are kept in store B.']);
      await write('leave', [
        'Everyone has 28 days of leave.',
        'Größenangaben stehen im Anhang. 東京都に住んでいます。',
      ]);
      expect(await byWords('Where is the seal of XJ 4471 kept?')).toEqual(['pump/1']);
      expect(await byWords('a pump that was serviced')).toEqual(['pump/0']);
      expect(await byWords('28 pumps, serviced')).toEqual(['pump/0', 'leave/0']);
      expect(await byWords('GRÖSSENANGABEN größenangaben')).toContain('leave/1');
      expect(await byWords('東京')).toEqual(['leave/1']);
      const [hit] = await store().searchWords({ tenant: 'acme', collection: 'manuals', text: 'winter', topK: 1 });
      expect(hit).toMatchObject({
        document: sampleDocument('pump'),
        index: 0,
        text: 'The pumps are serviced in winter.',
      });
      expect(hit?.score).toBeGreaterThan(0);
    });

    it('finds nothing for words that say nothing, and takes no word for a command', async () => {
      await write('d1', ['The pump is serviced.']);
      for (const text of ['the of is', '?!', '', '""', "')--", 'NOT *', 'x:*']) expect(await byWords(text)).toEqual([]);
      expect(await byWords('pump" OR "x')).toEqual(['d1/0']);
      expect(await byWords("pump' & !x | tenant:globex")).toEqual(['d1/0']);
    });

    it('keeps to tenant, collection, metadata and number', async () => {
      await write('d1', ['A pump.', 'A pump.'], { metadata: { year: '2025', 'o"k': "it's" } });
      await write('d2', ['A pump.'], { metadata: { year: '2026' } });
      await write('d3', ['A pump.'], { tenant: 'globex' });
      await write('d4', ['A pump.'], { collection: 'other' });
      expect(await byWords('pump')).toEqual(['d1/0', 'd1/1', 'd2/0']);
      expect(await byWords('pump', { topK: 2 })).toEqual(['d1/0', 'd1/1']);
      expect(await byWords('pump', { filter: { year: '2026' } })).toEqual(['d2/0']);
      expect(await byWords('pump', { filter: { year: '2025', 'o"k': "it's" } })).toEqual(['d1/0', 'd1/1']);
      expect(await byWords('pump', { filter: { year: '2025', 'o"k': 'no' } })).toEqual([]);
    });

    it('forgets what is replaced or deleted', async () => {
      await write('d1', ['A pump.', 'A seal.']);
      await write('d1', ['A valve.']);
      expect([await byWords('pump seal'), await byWords('valve')]).toEqual([[], ['d1/0']]);
      await store().delete('acme', 'd1');
      expect(await byWords('valve')).toEqual([]);
    });
  });
}
