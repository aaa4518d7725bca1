import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { MemoryCacheStore } from '../adapters/memory/memory-cache-store.js';
import { errors } from '../runtime/errors.js';
import { cacheKey } from './cache-key.js';
import { getForCaller } from './get-for-caller.js';
import { TieredCache } from './tiered-cache.js';

describe('a value that several callers ask for at once', () => {
  const key = cacheKey('rag', { tenant: 'acme' }, 'question');
  let cache: TieredCache;
  let runs: number;
  beforeEach(() => {
    const time = new ManualTime();
    runs = 0;
    const fail = (error: unknown) => {
      throw error;
    };
    const store = new MemoryCacheStore(time.clock);
    cache = new TieredCache({ store, clock: time.clock, timers: time, onStoreError: fail, onRefreshError: fail });
  });

  /** A caller whose computation ends as the test says. */
  function ask() {
    const gone = new AbortController();
    const own = { finish: (_: string) => {}, fail: (_: unknown) => {} };
    const compute = () => {
      runs += 1;
      return new Promise<string>((finish, fail) => Object.assign(own, { finish, fail }));
    };
    const answer = getForCaller(cache, key, { signal: gone.signal }, compute).then(({ value }) => value);
    answer.catch(() => undefined); // awaited by the test, later
    return { answer, gone, own };
  }

  it.each([
    ['went away', new Error('The client has gone.')],
    ['has spent a budget', errors.budgetSpent('user ada', '2026-01', 1, 1)],
  ])('is computed for the next one when whoever was first %s', async (_, error) => {
    const [first, second, third] = [ask(), ask(), ask()];
    await until('the first computes', () => runs === 1);
    first.own.fail(error);
    await expect(first.answer).rejects.toBe(error);
    await until('the second computes', () => runs === 2);
    second.own.finish('answer');
    expect(await Promise.all([second.answer, third.answer])).toEqual(['answer', 'answer']);
    expect(runs).toBe(2);
  });

  it('fails for all when a service fails, which is asked once', async () => {
    const [first, second] = [ask(), ask()];
    await until('the first computes', () => runs === 1);
    first.own.fail(errors.unavailable('A model', 1));
    for (const { answer } of [first, second]) await expect(answer).rejects.toMatchObject({ status: 503 });
    expect(runs).toBe(1);
  });

  it('is not computed for who went away too', async () => {
    const [first, second] = [ask(), ask()];
    await until('the first computes', () => runs === 1);
    second.gone.abort();
    const gone = new Error('The client has gone.');
    first.own.fail(gone);
    await expect(second.answer).rejects.toBe(gone);
    expect(runs).toBe(1);
  });
});
