import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { GatheredTrips } from './gathered-trips.js';

/** Trips that end when the test says so. */
function heldTrips() {
  const underWay: {
    asked: readonly number[];
    end: (answers: (string | Error)[]) => void;
    break: (error: Error) => void;
  }[] = [];
  const trips = new GatheredTrips<number, string>(
    (asked) => new Promise((end, reject) => underWay.push({ asked, end, break: reject })),
  );
  return { trips, underWay };
}

describe('gathered trips', () => {
  it('carry together what came in one turn, and next what came meanwhile; each gets its own answer', async () => {
    const { trips, underWay } = heldTrips();
    const first = [trips.take(1), trips.take(2)];
    await until('the first is under way', () => underWay.length === 1);
    const next = [trips.take(3), trips.take(4)];
    underWay[0]?.end(['one', 'two']);
    expect(await Promise.all(first)).toEqual(['one', 'two']);
    await until('the next is under way', () => underWay.length === 2);
    underWay[1]?.end(['three', 'four']);
    expect(await Promise.all(next)).toEqual(['three', 'four']);
    expect(underWay.map(({ asked }) => asked)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('fail one whose answer is an error alone, and all where the trip fails; the next goes all the same', async () => {
    const { trips, underWay } = heldTrips();
    const told = Promise.allSettled([trips.take(1), trips.take(2)]);
    await until('the first is under way', () => underWay.length === 1);
    const lost = Promise.allSettled([trips.take(3), trips.take(4)]);
    const [wrong, away] = [new Error('WRONGTYPE'), new Error('Command timed out')];
    underWay[0]?.end([wrong, 'two']);
    expect(await told).toEqual([
      { status: 'rejected', reason: wrong },
      { status: 'fulfilled', value: 'two' },
    ]);
    await until('the next is under way', () => underWay.length === 2);
    underWay[1]?.break(away);
    expect((await lost).map((one) => one.status === 'rejected' && one.reason)).toEqual([away, away]);
    const last = trips.take(5);
    await until('the last is under way', () => underWay.length === 3);
    underWay[2]?.end(['five']);
    expect(await last).toBe('five');
  });

  it('take one that may wait with the next that may not, which it goes before, and alone once its time is over', async () => {
    const { trips, underWay } = heldTrips();
    void trips.take(1, 60_000);
    void trips.take(2);
    await until('both are under way', () => underWay.length === 1);
    void trips.take(3, 1);
    underWay[0]?.end(['one', 'two']);
    await until('the last is under way', () => underWay.length === 2);
    expect(underWay.map(({ asked }) => asked)).toEqual([[1, 2], [3]]);
  });

  it('take all who wait at once, in scripts of a bounded length: nobody waits for a third', async () => {
    const { trips, underWay } = heldTrips();
    void trips.take(0);
    await until('the first is under way', () => underWay.length === 1);
    for (let i = 1; i <= 300; i += 1) void trips.take(i);
    underWay[0]?.end(['']);
    await until('all others are under way', () => underWay.length === 4);
    expect(underWay.map(({ asked }) => asked.length)).toEqual([1, 128, 128, 44]);
  });
});
