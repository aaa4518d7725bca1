import { stem } from './stem.js';
import { isStopWord } from './stop-words.js';

/** A word of a text. */
export interface Term {
  /** As it stands in the text. */
  readonly word: string;
  /** What it is compared by. */
  readonly key: string;
  /** A word such as "the", which says little about the subject. */
  readonly stop: boolean;
  /** Offset of the word in the text. */
  readonly start: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** What an apostrophe joins to an English word says nothing of the subject: `what's`, `we'll`, `Ada's`. */
const CLITIC = /^['’](s|t|d|m|re|ve|ll)(?![\p{L}\p{M}\p{N}])/iu;
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Intl.Segmenter slows down with the square of its text's length, so that it is given short ones only. */
const SEGMENTED_CHARACTERS = 64;

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Words of a text in its order. `snake_case` and `kebab-case` fall into their parts; scripts without spaces are cut by
 * dictionary (Intl.Segmenter).
 */
export function* terms(text: string): Generator<Term> {
  let afterClitic = 0;
  for (const { 0: run, index } of text.matchAll(WORD)) {
    if (index < afterClitic) continue;
    const end = index + run.length;
    const clitic = CLITIC.exec(text.slice(end, end + 4));
    if (clitic !== null) afterClitic = end + clitic[0].length;
    if (WITHOUT_SPACES.test(run)) yield* segments(run, index);
    else yield term(run, index);
  }
}

/** Keys of the words that say what a text is about, each as often as it occurs. */
export function subjectKeys(text: string): string[] {
  return [...terms(text)].filter(({ stop }) => !stop).map(({ key }) => key);
}

function* segments(run: string, start: number): Generator<Term> {
  for (let from = 0; from < run.length; from += SEGMENTED_CHARACTERS) {
    for (const { segment, index, isWordLike } of segmenter.segment(run.slice(from, from + SEGMENTED_CHARACTERS))) {
      if (isWordLike) yield term(segment, start + from + index);
    }
  }
}

function term(word: string, start: number): Term {
  const lower = word.normalize('NFKC').toLowerCase();
  return { word, key: stem(lower), stop: isStopWord(lower), start };
}
