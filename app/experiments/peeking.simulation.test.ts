import { expect, it } from '@jest/globals';
import { seededRandom } from '../canary/seeded-random.fixture.js';
import { asMeans, asProportions, peekAt, proportionUnits, skewedUnits } from './simulated-experiment.fixture.js';

/** A small version of bench/experiments.ts. */
const EXPERIMENTS = 400;
const ALPHA = 0.05;
const looks = 50;

function simulate(experiment: Omit<Parameters<typeof peekAt>[0], 'looks'>) {
  const random = seededRandom(7);
  return Array.from({ length: EXPERIMENTS }, () => peekAt({ ...experiment, looks }, ALPHA, 1_000, random));
}

it.each([
  { what: 'a proportion', draw: proportionUnits(20, 0.2), compare: asProportions },
  { what: 'a skewed mean', draw: skewedUnits(20, 3), compare: asMeans },
])('finds no difference of $what that is not there, looked at after every batch', ({ draw, compare }) => {
  const peeked = simulate({ control: draw, treatment: draw, compare });
  const shareOf = (found: (one: (typeof peeked)[number]) => boolean) => peeked.filter(found).length / EXPERIMENTS;
  const chance = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / EXPERIMENTS);
  expect(shareOf(({ found }) => found !== undefined)).toBeLessThan(ALPHA + chance);
  // The same looks at the test of a single look show that there was something to guard against.
  expect(shareOf(({ foundByPeeking }) => foundByPeeking)).toBeGreaterThan(3 * ALPHA);
});

it('finds a difference that is there, mostly before the end', () => {
  const peeked = simulate({
    control: proportionUnits(20, 0.2),
    treatment: proportionUnits(20, 0.32),
    compare: asProportions,
  });
  const soon = peeked.filter(({ found }) => found !== undefined && found < looks);
  expect(soon.length).toBeGreaterThan(0.9 * EXPERIMENTS);
});
