import { expect, it } from '@jest/globals';
import { describeAnswerIndex } from '../../semantic-cache/answer-index.conformance.js';
import { MemoryAnswerIndex } from './memory-answer-index.js';

describeAnswerIndex('the memory adapter', async (start) => {
  let now = start;
  return {
    index: new MemoryAnswerIndex(() => now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
});

it('lets the answer go that was used least recently', async () => {
  const index = new MemoryAnswerIndex(() => 0, 2);
  const put = (question: string, vector: readonly number[]) =>
    index.put({
      tenant: 't',
      scope: 's',
      question,
      vector,
      answer: '',
      documents: [],
      metadata: {},
      storedAt: 0,
      expiresAt: null,
    });
  const find = async (vector: readonly number[]) =>
    (await index.nearest({ scope: 's', vector, minCosine: 0.9, limit: 5, filter: {} })).map(
      ({ entry }) => entry.question,
    );
  await put('a', [1, 0, 0]);
  await put('b', [0, 1, 0]);
  await find([1, 0, 0]);
  await put('c', [0, 0, 1]);
  expect([await find([1, 0, 0]), await find([0, 1, 0]), await find([0, 0, 1])]).toEqual([['a'], [], ['c']]);
});

it('takes a vector of zeros or of another length for near nothing', async () => {
  const index = new MemoryAnswerIndex(() => 0);
  const entry = { tenant: 't', scope: 's', answer: '', documents: [], metadata: {}, storedAt: 0, expiresAt: null };
  await index.put({ ...entry, question: 'zeros', vector: [0, 0, 0] });
  await index.put({ ...entry, question: 'longer', vector: [1, 0, 0, 0] });
  expect(await index.nearest({ scope: 's', vector: [1, 0, 0], minCosine: 0.1, limit: 5, filter: {} })).toEqual([]);
  expect(await index.nearest({ scope: 's', vector: [0, 0, 0], minCosine: 0.1, limit: 5, filter: {} })).toEqual([]);
});
