import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../canary/seeded-random.fixture.js';
import {
  asMeans,
  asProportions,
  asQuantiles,
  orderedUnits,
  peekAt,
  proportionUnits,
  type SimulatedExperiment,
  skewedUnits,
} from './simulated-experiment.fixture.js';

/** A small version of bench/experiments.ts. */
const EXPERIMENTS = 400;
const ALPHA = 0.05;
const LOOKS = 50;

function simulate<M extends { readonly units: number }>(
  experiment: Omit<SimulatedExperiment<M>, 'looks'>,
  { tunedForUnits = 1_000, looks = LOOKS } = {},
) {
  const random = seededRandom(7);
  return Array.from({ length: EXPERIMENTS }, () => peekAt({ ...experiment, looks }, ALPHA, tunedForUnits, random));
}

function expectHonest<M extends { readonly units: number }>(
  draw: SimulatedExperiment<M>['control'],
  compare: SimulatedExperiment<M>['compare'],
  how: Parameters<typeof simulate>[1] = {},
) {
  const peeked = simulate({ control: draw, treatment: draw, compare }, how);
  const shareOf = (found: (one: (typeof peeked)[number]) => boolean) => peeked.filter(found).length / EXPERIMENTS;
  const chance = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / EXPERIMENTS);
  expect(shareOf(({ found }) => found !== undefined)).toBeLessThan(ALPHA + chance);
  // The same looks at the test of a single look show that there was something to guard against.
  expect(shareOf(({ foundByPeeking }) => foundByPeeking)).toBeGreaterThan(3 * ALPHA);
}

describe('looked at after every batch, finds no difference that is not there', () => {
  it('of a proportion', () => expectHonest(proportionUnits(20, 0.2), asProportions));
  it('of a skewed mean', () => expectHonest(skewedUnits(20, 3), asMeans));
  // Tuned for the few it would find one in 12 of 100.
  it('of a skewed mean, looked at after each unit by who has planned for few of them', () =>
    expectHonest(skewedUnits(1, 3), asMeans, { tunedForUnits: 10, looks: 60 }));
  it('of a quantile of skewed values', () => expectHonest(orderedUnits(20, 3), asQuantiles(0.9)));
});

it('finds a difference that is there, mostly before the end', () => {
  const peeked = simulate({
    control: proportionUnits(20, 0.2),
    treatment: proportionUnits(20, 0.32),
    compare: asProportions,
  });
  const soon = peeked.filter(({ found }) => found !== undefined && found < LOOKS);
  expect(soon.length).toBeGreaterThan(0.9 * EXPERIMENTS);
});
