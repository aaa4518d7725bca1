import { expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { DeadlineExceeded } from './deadline.js';
import { SharedDeadline } from './shared-deadline.js';

it('gives up each wait at its own deadline, in their order, and none that has ended', async () => {
  const timeoutMs = 20;
  const deadline = new SharedDeadline('The store', timeoutMs);
  const givenUp: [string, number, unknown][] = [];
  const begin = (name: string) => {
    const startedAt = performance.now();
    return deadline.begin((reason) => givenUp.push([name, performance.now() - startedAt, reason]));
  };
  const first = begin('first');
  const ended = begin('ended');
  expect(deadline.end(ended)).toBe(true);
  await until('the first is half over', () => performance.now() >= first.until - timeoutMs / 2);
  begin('second');
  await until('both are given up', () => givenUp.length === 2);
  expect(givenUp.map(([name]) => name)).toEqual(['first', 'second']);
  for (const [, waitedMs, reason] of givenUp) {
    expect(waitedMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(reason).toEqual(new DeadlineExceeded('The store', timeoutMs));
  }
  expect(deadline.end(first)).toBe(false);
  begin('third');
  await until('it watches again after it had nothing to watch', () => givenUp.length === 3);
});
