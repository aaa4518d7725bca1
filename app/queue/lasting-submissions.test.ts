import { expect, it } from '@jest/globals';
import { MemorySubmissions } from '../adapters/memory/memory-submissions.js';
import { LastingSubmissions } from './lasting-submissions.js';

it('an end that could not be written is written before anybody looks for what was left half-way', async () => {
  const store = new MemorySubmissions();
  let away = true;
  const end = store.end.bind(store);
  store.end = (taskId) => (away ? Promise.reject(new Error('Redis is away')) : end(taskId));
  const submissions = new LastingSubmissions(store);
  await submissions.begin('queued', 0);
  await submissions.begin('left half-way', 0);
  await submissions.end('queued');
  // Nobody can say then which of them the queue has.
  await expect(submissions.begunBefore(1)).rejects.toThrow('Redis is away');
  away = false;
  expect(await submissions.begunBefore(1)).toEqual(['left half-way']);
});
