import { describe, expect, it } from '@jest/globals';
import type { Submissions } from './submissions.js';

/** What every store of submissions does. `make` gives an empty one. */
export function describeSubmissions(name: string, make: () => Promise<Submissions>): void {
  describe(`${name} as a store of submissions`, () => {
    it('tells those that began before a time and have not ended, oldest first', async () => {
      const submissions = await make();
      expect(await submissions.begunBefore(1e12)).toEqual([]);
      for (const [id, at] of [
        ['c', 300],
        ['a', 100],
        ['b', 200],
      ] as const)
        await submissions.begin(id, at);
      expect(await submissions.begunBefore(300)).toEqual(['a', 'b']);
      expect(await submissions.begunBefore(301)).toEqual(['a', 'b', 'c']);
      await submissions.end('a');
      await submissions.end('unknown');
      expect(await submissions.begunBefore(301)).toEqual(['b', 'c']);
    });
  });
}
