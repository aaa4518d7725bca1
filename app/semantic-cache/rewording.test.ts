import { expect, it } from '@jest/globals';
import { compareQuestions } from './guard.js';
import { isReworded, rewordingFeatures } from './rewording.js';

const saw = 'What do I pay for a visit to the vet?';
const asked = 'How much does a vet visit cost?';

it('tells how much of one wording is in the other, whichever comes first', () => {
  expect(rewordingFeatures('How do I buy a house?', "How do I sell a house, what's it like?", 0.5)).toEqual([
    0.5,
    5 / 11,
    7 / 10,
    6,
  ]);
  expect(rewordingFeatures(saw, asked, 0.9)).toEqual(rewordingFeatures(asked, saw, 0.9));
});

it('finds nothing between two questions of the same words', () => {
  expect(rewordingFeatures('Is tea good?', 'is tea GOOD', 1)).toEqual([1, 1, 0, 3]);
  expect(rewordingFeatures('Is tea good?', 'Is green tea good?', 1)).toEqual([1, 3 / 4, 1 / 4, 3]);
});

it('takes what shares few words and is near for one question, and what shares all but one for two', () => {
  expect(isReworded(asked, saw, 0.92)).toBe(true);
  expect(isReworded(asked, saw, 0.6)).toBe(false);
  expect(isReworded('How much does a vet visit cost?', 'How much does a vet student cost?', 0.92)).toBe(false);
});

it('weighs only what is in doubt, and only by a cosine that sees meaning', () => {
  const same = (one: string, other: string, cosine?: number) => compareQuestions(one, other, { cosine }).same;
  expect(same(asked, saw, 0.92)).toBe(true);
  expect(same(asked, saw)).toBe(false);
  expect(same('How do I turn on the heating?', 'What is the way to switch the heating off?', 0.99)).toBe(false);
  expect(same('Can I fly to Oslo with 2 bags?', 'Are three pieces of luggage allowed on a flight to Oslo?', 0.99)).toBe(
    false,
  );
});
