import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { Turnstile } from './turnstile.js';

/** Work that ends when told. */
function enter(turnstile: Turnstile, alone: boolean) {
  const one = { inside: false, leave: () => {}, left: Promise.resolve() };
  one.left = turnstile.pass(alone, async () => {
    one.inside = true;
    await new Promise<void>((resolve) => {
      one.leave = resolve;
    });
    one.inside = false;
  });
  return one;
}

describe('a turnstile', () => {
  it('lets the many in together', async () => {
    const turnstile = new Turnstile();
    const [one, two] = [enter(turnstile, false), enter(turnstile, false)];
    await until('both are inside', () => one.inside && two.inside);
  });

  it('lets one in alone when the others have left, and the next when it has left', async () => {
    const turnstile = new Turnstile();
    const [first, second] = [enter(turnstile, false), enter(turnstile, false)];
    await until('both are inside', () => first.inside && second.inside);
    const [alone, late] = [enter(turnstile, true), enter(turnstile, false)];
    first.leave();
    await first.left;
    expect([second.inside, alone.inside, late.inside]).toEqual([true, false, false]);
    second.leave();
    await until('it is inside alone', () => alone.inside);
    expect(late.inside).toBe(false);
    alone.leave();
    await until('the next is inside', () => late.inside);
  });

  it('lets the next in when work fails', async () => {
    const turnstile = new Turnstile();
    const fail = () => Promise.reject(new Error('broken'));
    await expect(turnstile.pass(true, fail)).rejects.toThrow('broken');
    expect(await turnstile.pass(true, async () => 'in')).toBe('in');
  });
});
