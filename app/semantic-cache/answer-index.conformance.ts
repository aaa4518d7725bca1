import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnswerIndex, StoredAnswer } from './answer-index.js';

/** An index under test with a clock that stands still until it is moved. Vectors have three dimensions. */
export interface AnswerIndexFixture {
  readonly index: AnswerIndex;
  advance(seconds: number): void | Promise<void>;
  /** @default nothing to close */
  close?(): Promise<void>;
}

/** What every index of answers does. `make` gives an empty one whose clock stands at `now`. */
export function describeAnswerIndex(name: string, make: (now: number) => Promise<AnswerIndexFixture>): void {
  describe(`${name} as an answer index`, () => {
    const now = Date.UTC(2026, 0, 1);
    let fixture: AnswerIndexFixture;
    let index: AnswerIndex;
    beforeEach(async () => {
      fixture = await make(now);
      index = fixture.index;
    });
    afterEach(async () => fixture.close?.());

    const entry = (question: string, vector: readonly number[], changes: Partial<StoredAnswer> = {}): StoredAnswer => ({
      tenant: 'acme',
      scope: 'scope-1',
      question,
      vector,
      answer: `answer to ${question}`,
      documents: [],
      metadata: {},
      storedAt: now,
      expiresAt: null,
      ...changes,
    });
    const near = async (
      vector: readonly number[],
      changes: { scope?: string; minCosine?: number; limit?: number; filter?: Readonly<Record<string, string>> } = {},
    ) => index.nearest({ scope: 'scope-1', vector, minCosine: 0.8, limit: 5, filter: {}, ...changes });
    const questions = async (...args: Parameters<typeof near>) =>
      (await near(...args)).map((found) => found.entry.question);

    it('finds nothing at first', async () => {
      expect(await near([1, 0, 0])).toEqual([]);
    });

    it('gives an entry back whole but for its vector, with its cosine', async () => {
      const stored = entry('q', [1, 1, 0], {
        documents: ['d1', 'd2'],
        metadata: { topic: 'a=b' },
        expiresAt: now + 1000,
      });
      await index.put(stored);
      const [found] = await near([2, 0, 0], { minCosine: 0.7 });
      expect({ ...found?.entry, vector: stored.vector }).toEqual(stored);
      expect(found?.cosine).toBeCloseTo(Math.SQRT1_2, 5);
    });

    it('gives the nearest first, and none below the threshold', async () => {
      await index.put(entry('far', [0, 1, 0]));
      await index.put(entry('near', [0.9, 0.3, 0]));
      await index.put(entry('nearest', [1, 0.1, 0]));
      await index.put(entry('opposite', [-1, 0, 0]));
      expect(await questions([1, 0, 0])).toEqual(['nearest', 'near']);
    });

    it('gives no more than it is asked for', async () => {
      for (let i = 0; i < 5; i++) await index.put(entry(`q${i}`, [1, i / 10, 0]));
      expect(await questions([1, 0, 0], { limit: 2 })).toEqual(['q0', 'q1']);
    });

    it('never gives an answer of another scope', async () => {
      await index.put(entry('q', [1, 0, 0]));
      expect(await near([1, 0, 0], { scope: 'scope-2' })).toEqual([]);
    });

    it('gives only answers with all the metadata that is asked for', async () => {
      await index.put(entry('travel', [1, 0, 0], { metadata: { topic: 'travel', level: 'basic' } }));
      await index.put(entry('health', [1, 0.1, 0], { metadata: { topic: 'health', level: 'basic' } }));
      await index.put(entry('none', [1, 0.2, 0]));
      expect(await questions([1, 0, 0], { filter: { topic: 'health' } })).toEqual(['health']);
      expect(await questions([1, 0, 0], { filter: { level: 'basic' } })).toEqual(['travel', 'health']);
      expect(await questions([1, 0, 0], { filter: { level: 'basic', topic: 'none' } })).toEqual([]);
      expect(await questions([1, 0, 0])).toEqual(['travel', 'health', 'none']);
    });

    it('replaces the answer to the same question in the same scope only', async () => {
      await index.put(entry('q', [1, 0, 0], { answer: 'old' }));
      await index.put(entry('q', [1, 0, 0], { answer: 'elsewhere', scope: 'scope-2' }));
      await index.put(entry('q', [1, 0, 0], { answer: 'new' }));
      expect((await near([1, 0, 0])).map((found) => found.entry.answer)).toEqual(['new']);
      expect((await near([1, 0, 0], { scope: 'scope-2' })).map((found) => found.entry.answer)).toEqual(['elsewhere']);
    });

    it('forgets an answer when its time is over', async () => {
      await index.put(entry('short', [1, 0, 0], { expiresAt: now + 60_000 }));
      await index.put(entry('endless', [1, 0.1, 0]));
      await fixture.advance(59);
      expect(await questions([1, 0, 0])).toEqual(['short', 'endless']);
      await fixture.advance(1);
      expect(await questions([1, 0, 0])).toEqual(['endless']);
    });

    it("removes every answer that rests on a document, in all scopes, and leaves other tenants' alone", async () => {
      await index.put(entry('a', [1, 0, 0], { documents: ['d1'] }));
      await index.put(entry('b', [1, 0, 0], { documents: ['d2', 'd1'], scope: 'scope-2' }));
      await index.put(entry('c', [1, 0, 0], { documents: ['d2'] }));
      await index.put(entry('d', [1, 0, 0], { documents: ['d1'], tenant: 'globex', scope: 'scope-3' }));
      expect(await index.deleteByDocument('acme', 'd1')).toBe(2);
      expect(await questions([1, 0, 0])).toEqual(['c']);
      expect(await questions([1, 0, 0], { scope: 'scope-2' })).toEqual([]);
      expect(await questions([1, 0, 0], { scope: 'scope-3' })).toEqual(['d']);
      expect(await index.deleteByDocument('acme', 'd1')).toBe(0);
    });
  });
}
