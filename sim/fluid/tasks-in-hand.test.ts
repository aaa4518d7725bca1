import { expect, test } from '@jest/globals';
import { logNormal, poisson, seededRandom } from '../model/random.js';
import { TasksInHand } from './tasks-in-hand.js';

const TIME = { mean: 1.5, scv: 0.5 };

function dispersion(counts: readonly number[]): number {
  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
  return counts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / counts.length / mean;
}

function meanOf(counts: readonly number[]): number {
  return counts.reduce((sum, one) => sum + one, 0) / counts.length;
}

/** Tasks that slots which are never free take in each of so many minutes. */
function takenInTicks(slots: number, minutes: number, tickSeconds: number): number[] {
  const inHand = new TasksInHand(seededRandom(1));
  return Array.from({ length: minutes }, () => {
    let taken = 0;
    for (let at = 0; at < 60; at += tickSeconds) {
      const room = inHand.turn(slots, TIME, tickSeconds);
      inHand.take(room, slots, TIME, tickSeconds);
      taken += room;
    }
    return taken;
  }).slice(1);
}

/** The same, slot by slot and task by task. */
function takenOneByOne(slots: number, minutes: number): number[] {
  const random = seededRandom(2);
  const sigma = Math.sqrt(Math.log1p(TIME.scv));
  const taken = Array.from({ length: minutes }, () => 0);
  for (let slot = 0; slot < slots; slot++) {
    let at = 0;
    for (at = logNormal(random, TIME.mean, sigma); at < 60 * minutes; at += logNormal(random, TIME.mean, sigma)) {
      taken[Math.floor(at / 60)] = (taken[Math.floor(at / 60)] as number) + 1;
    }
  }
  return taken.slice(1);
}

test.each([1, 15])(
  'slots that are never free take as many in ticks of %d s as one by one, and it varies as much',
  (tick) => {
    const [ticks, singly] = [takenInTicks(20, 3000, tick), takenOneByOne(20, 3000)];
    expect(meanOf(ticks) / meanOf(singly)).toBeCloseTo(1, 1.7);
    expect(dispersion(ticks) / dispersion(singly)).toBeGreaterThan(0.9);
    expect(dispersion(ticks) / dispersion(singly)).toBeLessThan(1.1);
  },
);

test('while slots are free, what is in hand varies as what comes at random does', () => {
  const random = seededRandom(3);
  const inHand = new TasksInHand(random);
  const counts: number[] = [];
  for (let second = 0; second < 20_000; second++) {
    inHand.turn(1000, TIME, 1);
    inHand.take(poisson(random, 40), 1000, TIME, 1);
    counts.push(inHand.count);
  }
  expect(meanOf(counts) / (40 * TIME.mean)).toBeCloseTo(1, 2);
  expect(dispersion(counts)).toBeGreaterThan(0.95);
  expect(dispersion(counts)).toBeLessThan(1.05);
});

test('of more tasks than slots none is taken until enough have ended', () => {
  const inHand = new TasksInHand(seededRandom(4));
  inHand.take(inHand.turn(40, TIME, 1), 40, TIME, 1);
  expect(inHand.count).toBe(40);
  let room = 0;
  for (let second = 0; second < 60 && room === 0; second++) {
    expect(inHand.count).toBeGreaterThanOrEqual(4);
    room = inHand.turn(4, TIME, 1);
    inHand.take(room, 4, TIME, 1);
  }
  expect(inHand.count).toBe(4);
});
