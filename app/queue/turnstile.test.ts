import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { TurnMissedError, Turnstile } from './turnstile.js';

const LONGEST_MS = 60_000;

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
  let time: ManualTime;
  beforeEach(() => {
    time = new ManualTime();
  });

  it('lets the many in together', async () => {
    const turnstile = new Turnstile(time, LONGEST_MS);
    const [one, two] = [enter(turnstile, false), enter(turnstile, false)];
    await until('both are inside', () => one.inside && two.inside);
  });

  it('lets one in alone when the others have left, and the next when it has left', async () => {
    const turnstile = new Turnstile(time, LONGEST_MS);
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
    const turnstile = new Turnstile(time, LONGEST_MS);
    const fail = () => Promise.reject(new Error('broken'));
    await expect(turnstile.pass(true, fail)).rejects.toThrow('broken');
    expect(await turnstile.pass(true, async () => 'in')).toBe('in');
  });

  it('sends away who waits too long, and lets in who stood behind it', async () => {
    const turnstile = new Turnstile(time, LONGEST_MS);
    const first = enter(turnstile, false);
    await until('it is inside', () => first.inside);
    const alone = enter(turnstile, true);
    time.advance(1);
    const late = enter(turnstile, false);
    time.advance(LONGEST_MS - 2);
    expect([alone.inside, late.inside]).toEqual([false, false]);
    time.advance(1);
    await expect(alone.left).rejects.toThrow(TurnMissedError);
    await until('the next is inside', () => late.inside);
    expect(time.pending).toBe(0);
  });

  it('sends away who waits when it is closed, and lets nobody wait from then on', async () => {
    const turnstile = new Turnstile(time, LONGEST_MS);
    const first = enter(turnstile, false);
    await until('it is inside', () => first.inside);
    const alone = enter(turnstile, true);
    turnstile.close();
    await expect(alone.left).rejects.toThrow(TurnMissedError);
    await expect(turnstile.pass(true, async () => 'in')).rejects.toThrow(TurnMissedError);
    first.leave();
    await first.left;
    expect(time.pending).toBe(0);
  });
});
