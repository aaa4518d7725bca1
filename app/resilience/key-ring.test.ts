import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { callWithKey } from './call-with-key.js';
import { failureOf } from './failure.js';
import { KeyRing, NoKeyAvailableError } from './key-ring.js';

const status = (code: number, retryAfter?: string) =>
  Object.assign(new Error(`status ${code}`), {
    status: code,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });

describe('a ring of API keys', () => {
  let time: ManualTime;
  let ring: KeyRing;
  beforeEach(() => {
    time = new ManualTime();
    ring = new KeyRing(['a', 'b', 'c'], time.clock);
  });
  const take = (times: number) => Array.from({ length: times }, () => ring.take()).join('');

  it('takes the keys in turn', () => {
    expect(take(7)).toBe('abcabca');
  });

  it('passes over a key until its rest is over', () => {
    ring.rest('b', 2000);
    expect(take(4)).toBe('acac');
    time.advance(2000);
    expect(take(3)).toBe('abc');
  });

  it('does not cut a rest short', () => {
    ring.rest('b', 60_000);
    ring.rest('b', 1);
    time.advance(59_999);
    expect(take(4)).toBe('acac');
  });

  it('says how long it takes when every key is at rest, in a form that the pipeline reads', () => {
    for (const [key, ms] of [
      ['a', 3000],
      ['b', 1500],
      ['c', 9000],
    ] as const)
      ring.rest(key, ms);
    expect(() => ring.take()).toThrow(new NoKeyAvailableError(1500));
    expect(failureOf(new NoKeyAvailableError(1500), time.clock())).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 1500,
    });
  });

  it('rests no key of another ring', () => {
    expect(() => ring.rest('z', 1)).toThrow('not on this ring');
  });

  it('needs a key', () => {
    expect(() => new KeyRing([], time.clock)).toThrow('at least one key');
  });

  describe('when called with', () => {
    const callWith = async (failures: Readonly<Record<string, Error>>) => {
      const used: string[] = [];
      const answer = await callWithKey(ring, time.clock, async (key) => {
        used.push(key);
        if (failures[key] !== undefined) throw failures[key];
        return `answered with ${key}`;
      }).catch((error: unknown) => (error as Error).message);
      return { answer, used: used.join('') };
    };

    it('goes on with the next key when one is slowed down, and rests that one as long as the provider says', async () => {
      expect(await callWith({ a: status(429, '30') })).toEqual({ answer: 'answered with b', used: 'ab' });
      time.advance(29_999);
      expect(take(2)).toBe('cb');
      time.advance(1);
      expect(take(3)).toContain('a');
    });

    it('goes on with the next key when one is refused', async () => {
      expect(await callWith({ a: status(401) })).toEqual({ answer: 'answered with b', used: 'ab' });
    });

    it("passes the last key's error on when none is left", async () => {
      const failures = { a: status(429, '30'), b: status(401), c: status(429, '2') };
      expect(await callWith(failures)).toEqual({ answer: 'status 429', used: 'abc' });
      await expect(callWithKey(ring, time.clock, async () => 'never')).rejects.toThrow(
        'Every key rests after a rate limit; the next is free in 2 s.',
      );
    });

    it('tries no key twice, even if the provider asks for no wait', async () => {
      const failures = { a: status(429, '0'), b: status(429, '0'), c: status(429, '0') };
      expect(await callWith(failures)).toEqual({ answer: 'status 429', used: 'abc' });
    });

    it('does not blame the key for any other failure', async () => {
      expect(await callWith({ a: status(500) })).toEqual({ answer: 'status 500', used: 'a' });
      expect(take(3)).toBe('bca');
    });
  });
});
