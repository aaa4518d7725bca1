import { COMPLEX_POINTS, DIFFICULTY_SIGNALS } from './difficulty-signals.js';
import type { PromptShape } from './prompt-shape.js';
import { pointsOf } from './signal.js';
import { wordsOfManyLanguages } from './words-of-many-languages.js';

/** A measure of how a prompt is built, never of what it is about: subjects that nobody trained on must look like those that somebody did. */
export interface PromptFeature {
  readonly name: string;
  of(shape: PromptShape): number;
}

const log = (count: number) => Math.log1p(count);
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const density = (pattern: RegExp) => (shape: PromptShape) => share(10 * count(shape.text, pattern), shape.words.length);
const has = (pattern: RegExp) => (shape: PromptShape) => (pattern.test(shape.stem) ? 1 : 0);
const mean = (values: readonly number[]) =>
  share(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

const { fact, ought } = wordsOfManyLanguages;

export const PROMPT_FEATURES: readonly PromptFeature[] = [
  { name: 'length', of: ({ length }) => log(length) },
  { name: 'sentences', of: ({ stem }) => log(count(stem, /[.?!](\s|$)/g)) },
  { name: 'long words', of: ({ words }) => share(words.filter((word) => word.length >= 9).length, words.length) },
  { name: 'quotations', of: ({ text }) => log(count(text, /["“”]/g)) },
  { name: 'a question', of: ({ stem }) => (stem.trim().endsWith('?') ? 1 : 0) },
  { name: 'asks what', of: has(/\bwhat\b/i) },
  { name: 'asks how or why', of: has(/\b(how (?!many|much|long|far|old)|why)\b/i) },
  { name: 'negations', of: density(/\b(not|no|never|none|neither|nor|without|except|cannot|\w+n't|least|false)\b/gi) },
  {
    name: 'quantities in words',
    of: density(/\b(all|every|each|some|any|both|half|twice|most|more|less|than|per|total)\b/gi),
  },
  { name: 'first person', of: density(/\b(I|my|me|we|our)\b/g) },
  { name: 'third person', of: density(/\b(he|she|his|her|they|their|him|them)\b/gi) },
  {
    name: 'numbered statements',
    of: ({ text }) =>
      log(count(text, /\b(statement|scenario|claim|case|premise|step)s? \d|\(\d\)|^\s*(I{1,3}|IV|\d+)[.)|]/gim)),
  },
  { name: 'alternatives', of: density(/\b(or|and|but|although|however|while|whereas|because|therefore)\b/gi) },
  { name: 'options that repeat each other', of: ({ options }) => overlap(options) },
  { name: 'signs of work', of: ({ work }) => Math.min(4, pointsOf(work)) },
  { name: 'work of several steps', of: ({ work }) => (pointsOf(work) >= COMPLEX_POINTS ? 1 : 0) },
  { name: 'ends by asking after one fact', of: ({ last }) => (last.has(fact) ? 1 : 0) },
  { name: 'asks what ought to be', of: ({ asked }) => (asked.has(ought) ? 1 : 0) },
  { name: 'figures of what is asked', of: ({ asked }) => log(count(asked.text, /\d+/g)) },
  ...DIFFICULTY_SIGNALS.map((signal) => ({
    name: signal.reason,
    of: ({ work }: PromptShape) => (work.includes(signal) ? 1 : 0),
  })),
];

const BY_NAME = new Map(PROMPT_FEATURES.map((feature) => [feature.name, feature]));

/** These features of a prompt, in their order; 0 for a name that there is not. */
export function featuresOf(shape: PromptShape, names: readonly string[]): number[] {
  return names.map((name) => BY_NAME.get(name)?.of(shape) ?? 0);
}

/** Share of the words of an option that another option has too: what tells them apart is then in the detail. */
function overlap(options: readonly string[]): number {
  const sets = options.map((option) => new Set(option.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));
  const shares = sets.map((words, i) => {
    const others = new Set(sets.flatMap((other, j) => (i === j ? [] : [...other])));
    return share([...words].filter((word) => others.has(word)).length, words.size);
  });
  return mean(shares);
}
