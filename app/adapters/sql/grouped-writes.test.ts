import { describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../../test/support/manual-time.js';
import { GroupedWrites } from './grouped-writes.js';

describe('grouped writes', () => {
  const recorder = (refuses?: string) => {
    const groups: string[][] = [];
    const writes = new GroupedWrites<string>(
      async (items) => {
        groups.push([...items]);
        await Promise.resolve();
        if (refuses !== undefined && items.includes(refuses)) throw new Error(`${refuses} is refused`);
      },
      3,
      { timeoutMs: 20_000 },
    );
    return { groups, writes };
  };

  it('writes the first at once, and together what comes meanwhile', async () => {
    const { groups, writes } = recorder();
    await Promise.all(['a', 'b', 'c'].map((item) => writes.add(item)));
    await writes.add('d');
    expect(groups).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('puts no more together than it is told', async () => {
    const { groups, writes } = recorder();
    await Promise.all([...'abcdefgh'].map((item) => writes.add(item)));
    expect(groups.map(({ length }) => length)).toEqual([1, 3, 3, 1]);
  });

  it('goes on without a group that is never answered', async () => {
    const time = new ManualTime();
    const groups: (readonly string[])[] = [];
    const writes = new GroupedWrites<string>(
      async (items) => {
        if (groups.push(items) === 1) await new Promise(() => undefined);
      },
      3,
      { timeoutMs: 20_000, timers: time },
    );
    const lost = writes.add('a');
    const others = Promise.all([writes.add('b'), writes.add('c')]);
    time.advance(20_000);
    await expect(lost).rejects.toThrow('took longer than 20000 ms');
    await others;
    expect([groups, time.pending]).toEqual([[['a'], ['b', 'c']], 0]);
  });

  it('keeps one that cannot be written from none of the others', async () => {
    const { groups, writes } = recorder('c');
    const results = await Promise.allSettled([...'abcde'].map((item) => writes.add(item)));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(groups).toEqual([['a'], ['b', 'c', 'd'], ['b'], ['c'], ['d'], ['e']]);
  });
});
