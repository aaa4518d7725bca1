import { describe, expect, it } from '@jest/globals';
import type { ScoredPassage } from './document-store.js';
import { fuseRanks } from './fuse-ranks.js';

const passage = (id: string, index = 0, score = 0): ScoredPassage => ({
  document: { id, tenant: 'acme', collection: 'c', source: id, metadata: {}, contentHash: '', createdAt: 0 },
  index,
  text: id,
  score,
});
const list = (...ids: string[]) => ids.map((id) => passage(id));
const order = (vector: readonly ScoredPassage[], text: readonly ScoredPassage[], topK = 10) =>
  fuseRanks({ vector, text }, topK).map(({ document }) => document.id);

describe('ranks fused', () => {
  it('put first what both lists have, though neither has it first', () => {
    expect(order(list('v1', 'both', 'v3'), list('t1', 'both', 't3'))).toEqual(['both', 't1', 'v1', 't3', 'v3']);
  });

  it('score by the rank in each list, whatever the lists measure by', () => {
    const [first, second] = fuseRanks(
      { vector: [passage('a', 0, 0.99), passage('b', 0, 0.1)], text: [passage('b', 0, 40)] },
      2,
    );
    expect(first).toMatchObject({ document: { id: 'b' }, ranks: { vector: 2, text: 1 }, score: 1 / 62 + 1 / 61 });
    expect(second).toMatchObject({ document: { id: 'a' }, ranks: { vector: 1 }, score: 1 / 61 });
    expect(second?.ranks).not.toHaveProperty('text');
  });

  it('keep the order of one list when the other is empty', () => {
    expect(order(list('b', 'a', 'c'), [])).toEqual(['b', 'a', 'c']);
    expect(order([], list('b', 'a', 'c'), 2)).toEqual(['b', 'a']);
  });

  it('tell passages of one document apart', () => {
    const fused = fuseRanks({ vector: [passage('d', 0), passage('d', 1)], text: [passage('d', 1)] }, 5);
    expect(fused.map(({ index, ranks }) => [index, ranks])).toEqual([
      [1, { vector: 2, text: 1 }],
      [0, { vector: 1 }],
    ]);
  });
});
