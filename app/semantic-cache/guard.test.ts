import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compareQuestions } from './guard.js';
import { type LabelledPair, readLabelledPairs } from './labelled-pairs.js';

/** Pairs that embeddings find alike, with what a person says of them. */
const readPairs = (name: string) =>
  readLabelledPairs(readFileSync(new URL(`${name}.fixture.jsonl`, import.meta.url), 'utf8'));
const met = ['pairs', 'asked-pairs', 'held-out-pairs', 'other-domains-pairs', 'everyday-pairs'].flatMap(readPairs);
const plain = readPairs('plain-pairs');
const pairs = [...met, ...plain];
const differing = pairs.filter(({ same }) => !same);
const passes = ({ one, other }: Pick<LabelledPair, 'one' | 'other'>) => compareQuestions(one, other).same;
const differenceOf = (asked: string, answered: string) => {
  const sameness = compareQuestions(asked, answered);
  return sameness.same ? 'same' : sameness.difference;
};

describe('the guard', () => {
  it('lets none of 812 pairs pass that ask different things, but for one where "remove" is taken for "delete"', () => {
    expect(differing).toHaveLength(812);
    expect(differing.filter(passes).map(({ one }) => one)).toEqual(['How do I remove a user?']);
  });

  it('lets none of 203 contraries pass that were made up against it', () => {
    const contrary = readPairs('contrary-pairs').filter(({ same }) => !same);
    expect(contrary).toHaveLength(203);
    expect(contrary.filter(passes)).toEqual([]);
  });

  it('lets none of 361 near misses pass of what a company is asked, many of them contraries in quite other words', () => {
    const near = readPairs('company-pairs').filter(({ same }) => !same);
    expect(near).toHaveLength(361);
    expect(near.filter(passes)).toEqual([]);
  });

  it.each([
    ['How do I scale a deployment up?', 'How can I scale down a deployment?', 'contrast: up / down'],
    ['Which chemicals are harmful?', 'What chemicals are harmless?', 'contrast: harmful / harmless'],
    ['How do I enable cookies?', 'How can cookies be disabled?', 'contrast: enable / disabled'],
    ['Who is the oldest senator?', 'Which senator is the youngest?', 'contrast: oldest / youngest'],
    ['Is it safe to swim after eating?', 'Is it dangerous to eat after swimming?', 'denial: none / dangerous'],
    ['How do I pay?', 'How do I get paid?', 'voice: who does it / whom it is done to'],
    ['What does a landlord owe a tenant?', 'What is owed to the landlord by a tenant?', 'voice: owe / owed'],
    ['How do I report someone?', 'What can I do if someone reports me?', 'person: i / i me'],
    ['Is it safe to swim after eating?', 'Can I eat after swimming?', 'roles: swim / eating'],
    ['Which month is best for Rome?', 'Which month should I stay away from in Rome?', 'contrast: best / avoid'],
    ['When are flights to Spain cheapest?', 'When do flights to Spain cost the most?', 'contrast: cheapest / most'],
    ['What if I lost my receipt?', 'What if I still have my receipt?', 'contrast: lost / still'],
    ['What can I take on a plane?', 'What am I forbidden to take on a plane?', 'denial: none / forbidden'],
    ['Which phones support eSIM?', 'Which phones lack eSIM?', 'denial: support / lack'],
    ['How much salt is needed?', 'How much salt is too much?', 'word: none / too much'],
    ['Who lends money to small firms?', 'Which small firms lend money?', 'asked after: who / small'],
    ['Can I order by phone?', 'Can I order a phone?', 'by / none phone'],
  ])('knows that "%s" is not "%s", however near', (one, other, difference) => {
    expect(compareQuestions(one, other, { cosine: 1 })).toEqual({ same: false, because: 'different', difference });
  });

  it.each([
    { which: 'met', among: met, count: 697, least: 0.7 },
    { which: 'plain', among: plain, count: 60, least: 0.6 },
  ])(
    'lets $least of the $count $which pairs pass at least that ask the same in other words',
    ({ among, count, least }) => {
      const alike = among.filter(({ same }) => same);
      expect(alike).toHaveLength(count);
      expect(alike.filter(passes).length / count).toBeGreaterThanOrEqual(least);
    },
  );

  it('takes a word that objects have for a word', () => {
    expect(passes({ one: 'What was the constructor for?', other: 'What was the constructor for?' })).toBe(true);
    expect(passes({ one: 'What is a constructor?', other: 'What is a class?' })).toBe(false);
  });

  it('says the same of a pair whichever was asked first', () => {
    const oneWay = pairs.filter(({ one, other }) => passes({ one, other }) !== passes({ one: other, other: one }));
    expect(oneWay).toEqual([]);
  });

  it('takes every question with a subject for the same as itself', () => {
    const questions = pairs.flatMap(({ one, other }) => [one, other]);
    const subjectless = questions.filter((question) => !compareQuestions(question, question).same);
    expect([...new Set(subjectless)].sort()).toEqual([
      'How old am I?',
      'How old are you?',
      'How old is he?',
      'How old is she?',
      'What is a?',
      'What is it?',
    ]);
  });

  it.each([
    ['What is the capital of France?', 'What is the capital of Germany?', 'name: france / germany'],
    ['How many grams are in 2 pounds?', 'How many grams are in three pounds?', 'number: 2 / 3'],
    ['Is aspirin safe with alcohol?', 'Is aspirin safe without alcohol?', 'negation: none / without'],
    ['Who is the president?', 'Who was the president?', 'tense: present / past'],
    ['Why is the sky blue?', 'When is the sky blue?', 'kind of question: why / when'],
    ['How do I convert euros to dollars?', 'How do I convert dollars to euros?', 'roles: eur / usd'],
    ['How do people die of thirst?', 'How do I die of thirst?', 'person: people / i'],
    ['How old is he?', 'How old is she?', 'a question without a subject of its own'],
    ['What is the capital of France?', "what's the capital of france", 'same'],
  ])('says what stands between "%s" and "%s"', (asked, answered, difference) => {
    expect(differenceOf(asked, answered)).toBe(difference);
  });

  it.each([
    ['Can I freeze cheese?', 'Can cheese be frozen?', true],
    ['How do you make glass?', 'How is glass made?', true],
    ['What language do people speak in Brazil?', 'Which language is spoken in Brazil?', true],
    ['How do lions eat?', 'How are lions eaten?', false],
    ['How do bees make honey?', 'How is honey made?', false],
    ['Who beat Ali?', 'Who was beaten by Ali?', false],
    ['Do you trust banks?', 'Are banks trusted?', false],
    ['Can I not freeze cheese?', 'Can cheese be frozen?', false],
    ['Which doctors do people ask?', 'Which people are asked by doctors?', false],
    ['How many people own cars?', 'How many cars are owned?', false],
    ['Which people eat dogs?', 'Which dogs are eaten?', false],
    ['Can dogs eat people?', 'Can dogs be eaten?', false],
    ['Why do plants need people?', 'Why are plants needed?', false],
    ['Which fish should I eat?', 'Which fish are eaten?', false],
  ])('knows what anybody does by what is done: "%s" and "%s" are the same: %s', (one, other, same) => {
    expect([compareQuestions(one, other).same, compareQuestions(other, one).same]).toEqual([same, same]);
  });

  it.each([
    ['Is a visa required to open an account?', 'Do I need a visa for opening an account?'],
    ['How do I raise the limit on my card?', 'What is the best way to increase a card limit?'],
    ['Is there a way to restore a deleted file?', 'Can I recover deleted files?'],
    ['Is there a way to restore a deleted file?', 'How do I restore a deleted file?'],
    ['Why is my electricity bill high?', 'What is the reason for my high electricity bill?'],
    ['How do I turn the heating off?', 'How can I switch off the heating?'],
    ['How do I see the logs of a pod that crashed?', 'How can I view the logs of a crashed pod?'],
  ])('knows by synonyms, forms and parts that "%s" is "%s"', (one, other) => {
    expect(differenceOf(one, other)).toBe('same');
  });

  it.each([
    ['Can I rent a car without a licence?', 'Is it possible to rent a car with a licence?'],
    ['Who reports to the head of sales?', 'Who does the head of sales report to?'],
    ['Do I have to register?', 'Can I register?'],
    ['Can I cancel an order after it was sent?', 'Is it possible to cancel an order before it is sent?'],
    ['How do I move files from the disk to the cloud?', 'How can I move files to the disk from the cloud?'],
    ['Who do I contact about pay?', 'Who contacts me about pay?'],
    ['Is a house cat a wild animal?', 'Is a wild cat a house animal?'],
    ['Who is the father of Luke?', 'Who is Luke the father of?'],
    ['Are few people allergic to nuts?', 'Are a few people allergic to nuts?'],
  ])('is not misled by the same words: "%s", "%s"', (one, other) => {
    expect(compareQuestions(one, other)).toMatchObject({ same: false, because: 'different' });
  });

  it('takes a negation and a contrary, which undo each other, for doubtful only', () => {
    expect(compareQuestions('Which servers are not online?', 'Which servers are offline?')).toMatchObject({
      because: 'unproven',
    });
    expect(compareQuestions('Which servers are not online?', 'Which servers are new?')).toMatchObject({
      because: 'different',
    });
  });

  it.each([
    ['When was the UN founded?', 'When was the United Nations founded?'],
    ['How much PTO do I get?', 'How much paid time off do I get?'],
    ['How do I restore the DB?', 'How can I restore the database?'],
    ['What command lists all pods?', 'How do I list all pods?'],
    ['What are your opening hours?', 'When are you open?'],
    ['Where is my order?', 'How can I check the status of my order?'],
    ['How do I stop my dog from barking?', 'How can I keep my dog from barking?'],
    ['Can I cancel at any time?', 'Is it possible to cancel whenever I want?'],
  ])('knows by initials and ways to ask that "%s" is "%s"', (one, other) => {
    expect(differenceOf(one, other)).toBe('same');
  });

  it.each([
    ['What is the Jurassic period?', 'How long is the Jurassic period?'],
    ['What is an error code?', 'What is an error?'],
    ['Where can I see the northern lights?', 'How can I see the northern lights?'],
    ['What is customer support?', 'What is support?'],
    ['Is TLS deprecated?', 'Is SSL deprecated?'],
    ['What is a Mac?', 'What is macOS?'],
    ['How do I upload a file?', 'How do I get a file I uploaded?'],
  ])('is not misled by them: "%s", "%s"', (one, other) => {
    expect(passes({ one, other })).toBe(false);
  });

  it('does not take what one keeps for what one prevents', () => {
    expect(passes({ one: 'How do I stop the bleeding?', other: 'How do I keep bleeding?' })).toBe(false);
    expect(passes({ one: 'How do I keep pests?', other: 'How do I avoid pests?' })).toBe(false);
  });

  it('does not take words for the same because nothing is known against it', () => {
    expect(compareQuestions('How do I activate a card?', 'How do I engrave a card?')).toEqual({
      same: false,
      because: 'unproven',
      difference: 'word: activate / engrave',
    });
  });

  it.each([
    ['How do I begin a lease?', 'What is the way to end a lease?', 'contrast: begin / end'],
    ['Can I unlock the door?', 'Is it possible for me to lock a door?', 'contrast: unlock / lock'],
    ['How do I turn on the heating?', 'What is the way to switch the heating off?', 'contrast: turnon / switchoff'],
    ['What does the red light mean?', 'What is a yellow light telling me?', 'contrast: red / yellow'],
  ])('knows words that exclude each other, however the rest is put: "%s", "%s"', (asked, answered, difference) => {
    expect(compareQuestions(asked, answered)).toEqual({ same: false, because: 'different', difference });
  });

  it('does not take the first word of a second sentence for a name', () => {
    expect(
      compareQuestions('My card was declined. What can I do?', 'My card is declined, what can I do?'),
    ).toMatchObject({
      because: 'unproven',
    });
  });

  it('takes another language word by word', () => {
    expect(differenceOf('Quelle est la capitale de la France ?', 'quelle est la capitale de la france')).toBe('same');
    expect(differenceOf('Quelle est la capitale de la France ?', 'Quelle est une capitale de la France ?')).toBe(
      'word: la / une',
    );
  });
});
