import { describe, expect, test } from '@jest/globals';
import * as api from '../api/index.js';
import { requestBudget, tasks } from '../platform/index.js';
import type { Operation } from './operation.js';
import { taskTopology } from './queue.js';
import { requestChain, requestPath } from './request-budget.js';
import { consumerTimeoutSeconds, deliveryChain, resultChain, taskChain } from './task-budget.js';
import { brokenLink, holdChain, TimeBudgetError, type TimeLink } from './time-budget.js';

const link = (name: string, seconds: number): TimeLink => ({
  name,
  seconds,
  raise: `raise ${name}`,
  lower: `lower ${name}`,
});

describe('a chain of time limits', () => {
  test('holds when each is longer than the next', () => {
    expect(brokenLink([link('a', 3), link('b', 2), link('c', 1)])).toBeUndefined();
    expect(brokenLink([link('a', 3)])).toBeUndefined();
  });

  test('breaks at its first pair that is not: equal, shorter, or no number', () => {
    for (const seconds of [3, 4, Number.NaN]) {
      const broken = brokenLink([link('a', 5), link('b', 3), link('c', seconds), link('d', 9)]);
      expect([broken?.outer.name, broken?.inner.name]).toEqual(['b', 'c']);
    }
  });

  test('names the construct, both links, their values and the fix', () => {
    const hold = () => holdChain('production/services/worker', [link('grace', 30), link('hard', 300)]);
    expect(hold).toThrow(TimeBudgetError);
    expect(hold).toThrow(
      'production/services/worker: grace (30 s) must be longer than hard (300 s). Fix: raise grace above 300 s, or lower hard below 30 s.',
    );
  });
});

describe('a request budget', () => {
  test('is spent from the client to the model call', () => {
    const path = requestPath({ clientMs: 50_000, hopMs: 2_000, serviceCallMs: 10_000 });
    expect(requestChain(path).map(({ seconds }) => seconds)).toEqual([50, 48, 46, 44, 32, 10, 8]);
  });

  test('is refused when it is too small for its stations', () => {
    expect(() => requestPath({ clientMs: 40_000, hopMs: 5_000, serviceCallMs: 20_000 })).toThrow(
      "request budget: the service's longest run (0 s) must be longer than a service's call of another (20 s)",
    );
    expect(() => requestPath({ clientMs: 40_000, hopMs: 5_000, serviceCallMs: 5_000 })).toThrow(
      'one model call (0 s) must be longer than nothing (0 s)',
    );
  });

  test('of the platform lets no caller wait longer for an operation than a service may take', () => {
    const operations = Object.values(api)
      .flatMap((group): unknown[] => Object.values(group))
      .filter((one): one is Operation => typeof one === 'object' && one !== null && 'timeoutMs' in one);
    expect(operations.length).toBeGreaterThan(10);
    for (const { summary, timeoutMs } of operations) {
      expect([summary, timeoutMs <= requestBudget.serviceMs]).toEqual([summary, true]);
      expect([summary, timeoutMs >= requestBudget.serviceCallMs]).toEqual([summary, true]);
    }
  });
});

describe('a task budget', () => {
  const limits = { exchange: 'jobs', weights: { all: 1 }, prefetch: 1 } as const;

  test.each([
    [
      { softLimitSeconds: 30, hardLimitSeconds: 20 },
      'the hard limit of jobs (20 s) must be longer than the soft limit',
    ],
    [{ softLimitSeconds: 10, hardLimitSeconds: 20, modelCallSeconds: 15 }, 'one model call of jobs (15 s)'],
    [
      { softLimitSeconds: 10, hardLimitSeconds: 20, resultTtlSeconds: 115 },
      '3 attempts of 20 s and the waits between them (5 + 50 s) (115 s)',
    ],
  ])('is refused where it cannot hold: %p', (own, message) => {
    const build = () => taskTopology({ ...limits, retryDelaysSeconds: [5, 50], resultTtlSeconds: 600, ...own });
    expect(build).toThrow('Topology jobs: ');
    expect(build).toThrow(message);
  });

  test('of the platform is the chapter’s: 300 s, 240 s, and results that outlive 4 x 300 + 60 + 120 + 240 s', () => {
    const chain = taskChain(tasks, { consumerTimeoutSeconds: 420, graceSeconds: 305, preStopSeconds: 0 });
    expect(chain.map(({ seconds }) => seconds)).toEqual([420, 305, 300, 240, 15]);
    expect(resultChain(tasks).map(({ seconds }) => seconds)).toEqual([3600, 1620]);
  });

  test('gives the broker more than any message is held, and never less than it advises', () => {
    expect(consumerTimeoutSeconds([tasks])).toBe(420);
    expect(consumerTimeoutSeconds([])).toBe(300);
    const greedy = { ...tasks, prefetch: 10 };
    expect(brokenLink(deliveryChain(greedy, consumerTimeoutSeconds([tasks, greedy])))).toBeUndefined();
    expect(brokenLink(deliveryChain(greedy, 1800))?.inner.seconds).toBe(3000);
  });
});
