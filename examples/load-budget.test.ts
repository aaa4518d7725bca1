import { expect, test } from '@jest/globals';
import { usualDay } from './load-budget.js';

test('a usual day stays below 2 s at p99 for accepting a message, 15 s for its answer, and $4,000 a month', () => {
  const { workloads, totals, saturations } = usualDay();
  expect(saturations).toEqual([]);
  expect(workloads.find(({ name }) => name === 'chat')?.p99).toBeLessThan(2);
  expect(totals.answers.p99).toBeLessThan(15);
  expect(totals.monthlyUsd).toBeLessThan(4000);
  expect(totals.slos.filter(({ met }) => !met)).toEqual([]);
});
