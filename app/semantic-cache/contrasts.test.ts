import { describe, expect, it } from '@jest/globals';
import { areContrasted, isDenial } from './contrasts.js';

describe('words that exclude each other', () => {
  it.each([
    ['two of a kind', 'breakfast', 'dinner'],
    ['two ends of a scale', 'cheapest', 'most'],
    ['what is allowed and what is not', 'allow', 'forbidden'],
    ['what stays and what goes', 'keep', 'throwaway'],
    ['antonyms of a dictionary', 'thicken', 'thin'],
    ['a word and what turns it', 'lock', 'unlock'],
    ['contrary beginnings', 'include', 'excluded'],
    ['contrary endings', 'harmful', 'harmless'],
    ['contrary particles', 'turnon', 'switchoff'],
  ])('are %s: %s, %s', (_, one, other) => {
    expect([areContrasted(one, other), areContrasted(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['buy', 'purchase'],
    ['cheap', 'affordable'],
    ['stop', 'end'],
    ['stain', 'checkout'],
    ['plan', 'plane'],
    ['most', 'most'],
  ])('are not %s and %s', (one, other) => {
    expect([areContrasted(one, other), areContrasted(other, one)]).toEqual([false, false]);
  });
});

it.each([
  ['refused', true],
  ['unnecessary', true],
  ['useless', true],
  ['underground', false],
  ['universal', false],
  ['cheap', false],
])('knows whether "%s" denies: %s', (word, denial) => {
  expect(isDenial(word)).toBe(denial);
});
