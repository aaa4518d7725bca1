import { expect, it } from '@jest/globals';
import { compareQuestions } from './guard.js';
import { slotsOf } from './question-form.js';

it.each([
  ['Was the law in force on 3 May 2019?', ['2019.5.3']],
  ['Was the law in force on May 3rd, 2019?', ['2019.5.3']],
  ['Was the law in force on the 3rd of May 2019?', ['2019.5.3']],
  ['Was the law in force on 2019-05-03?', ['2019.5.3']],
  ['What opens on 25 December?', ['0.12.25']],
  ['What opens at 12.25?', ['12.25']],
  ['How much is $1,500 in euros?', ['1500']],
  ['Can two of three babies eat 5 g of honey?', ['2', '3', '5']],
  ['Who wrote Hamlet?', []],
])('finds what is filled in: %s', (question, slots) => {
  expect(slotsOf(question)).toEqual(slots);
});

it.each([
  ['What is a fine of $500 for?', 'What is a fine of 500 dollars for?'],
  ['How much is USD 20 in yen?', 'How much is US$20 in yen?'],
  ['How many MB are in 1 GB?', 'How many megabytes are in 1 gigabyte?'],
  ['Is 2 GB of memory enough?', 'Is 2 gigabytes of memory enough?'],
  ['How many tbsp are in 100 ml?', 'How many tablespoons are in 100 millilitres?'],
  ['What closes on 1 July in Rome?', 'What closes on July 1st in Rome?'],
])('takes one quantity for the same in two notations: %s', (one, other) => {
  expect(compareQuestions(one, other)).toEqual({ same: true });
});

it.each([
  ['Is 5 MB of memory enough?', 'Is 5 Mb of memory enough?'],
  ['How many MB are in a GB?', 'How many Mb are in a Gb?'],
  ['How much is A$5 in euros?', 'How much is $5 in euros?'],
  ['How much is NZ$5 in euros?', 'How much is A$5 in euros?'],
  ['Is 5G dangerous?', 'Is 5 g dangerous?'],
  ['What opens on 5 March?', 'What opens on 3 May?'],
  ['What opens on 25 December?', 'What opens on 25 December 2024?'],
  ['Which of the 3 may leave?', 'Which of the 3 must leave?'],
])('does not take one for another: %s, %s', (one, other) => {
  expect(compareQuestions(one, other).same).toBe(false);
});
