import { canonicalWord } from './canonical-word.js';
import { CONJUNCTIONS, PREPOSITIONS } from './prepositions.js';
import { isDataSize, properNamesIn, unitsIn } from './proper-names.js';
import { spelledUnit } from './quantities.js';
import {
  AUXILIARIES,
  CASE_MATTERS,
  DETERMINERS,
  EMPTY_WORDS,
  FORMS_OF_DO,
  LETTER_HEADS,
  MEASURES,
  MODALITIES,
  NEGATIONS,
  PRONOUNS,
  QUANTIFIERS,
  QUESTION_WORDS,
  YES_NO_OPENINGS,
} from './question-words.js';
import { INVARIANT, isPastForm, stemOf } from './word-stem.js';

/** A word that carries meaning. */
export interface Term {
  /** In one form: "films" and "movie" are "film". */
  readonly text: string;
  /** What it has in common with the words made from it. */
  readonly stem: string;
  /** What it is, where nothing else can say it. */
  readonly exact: 'number' | 'unit' | 'name' | 'negation' | 'quantifier' | 'particle' | 'word' | null;
  /** The preposition that it is behind. */
  readonly role: string | null;
  /** It has the form of what was done. */
  readonly isPast: boolean;
  /** It may say of something how it is: "high" in "why is the bill high", which is "the high bill". */
  readonly isPredicate: boolean;
  /** It is what is asked after: the language in "what language do they speak". */
  readonly isAsked: boolean;
}

/** What one is able, obliged or advised to do. */
export type Modality = 'can' | 'must' | 'should';

interface Read {
  readonly terms: readonly Term[];
  readonly asks: readonly string[];
  readonly modality: Modality | null;
}

const IS_NUMBER = /^\p{N}/u;

/** Reads the words of a question one after the other. */
export function readTerms(
  words: readonly string[],
  {
    text,
    names,
    isPassive,
  }: { readonly text: string; readonly names: ReadonlySet<string>; readonly isPassive: boolean },
): Read {
  const own = properNamesIn(text);
  const units = unitsIn(text);
  const isYesNo = YES_NO_OPENINGS.has(words[0] ?? '');
  const asks: string[] = [];
  const terms: Term[] = [];
  let modality: Modality | null = null;
  let role: string | null = null;
  let isAsked = false;
  for (const [i, word] of words.entries()) {
    const [previous = '', next = ''] = [words[i - 1], words[i + 1]];
    const add = (text: string, exact: Term['exact']) => {
      const isNounOfDeed =
        word.endsWith('ing') &&
        !DETERMINERS.has(next) &&
        ((i === 1 && !MODALITIES.has(previous)) || DETERMINERS.has(previous) || FORMS_OF_DO.has(previous));
      const isEnd = next === '' || PREPOSITIONS.has(next);
      terms.push({
        text,
        exact,
        role,
        // A train is no training.
        stem: exact === null && !isNounOfDeed ? stemOf(text) : text,
        isPast: isPastForm(word) || (isPassive && INVARIANT.has(word)),
        isPredicate: isPassive && exact === null && role === null && isEnd && !DETERMINERS.has(previous),
        isAsked,
      });
    };
    const canonical = canonicalWord(word, names);
    const written = units.get(word);
    const isUnit = IS_NUMBER.test(previous) || isDataSize(written);
    const unit = isUnit ? (spelledUnit(written ?? word) ?? written) : undefined;
    const isOwnName = own.has(word);
    // "If" and "when" after the beginning are conditions.
    const isCondition = word === 'when' && (isYesNo || asks.length > 0);
    const asked = isOwnName || isCondition ? undefined : i === 0 && word === 'way' ? word : QUESTION_WORDS.get(word);
    if (asked !== undefined) {
      asks.push(asked);
      // Behind "who" stands what somebody does.
      isAsked = asked !== 'who';
      role = null;
    } else if (previous === 'how' && MEASURES.has(word)) asks.splice(-1, 1, `how ${word}`);
    else if (word === 'too' && next !== '') add(word, 'word');
    else if (unit !== undefined) add(unit, 'unit');
    else if (isOwnName && isAnotherThingAsName(word)) add(`^${word}`, 'name');
    else if (IS_NUMBER.test(canonical) && !isPronoun(word, previous)) add(canonical, 'number');
    else if (NEGATIONS.has(word)) {
      if (word === 'without') role = word;
      add(word === 'without' ? word : 'not', 'negation');
    } else if (MODALITIES.has(word)) modality ??= MODALITIES.get(word) ?? null;
    else if (QUANTIFIERS.has(word)) add(quantifierOf(word, previous), 'quantifier');
    else if (PREPOSITIONS.has(word) || isCondition) {
      if (next === '') {
        if (!['in', 'at'].includes(word)) add(word, 'particle');
        // "To open an account": what follows is a deed, not a place.
      } else if (word === 'to' && DETERMINERS.has(words[i + 2] ?? '')) role = null;
      else if (!(word === 'to' && PREPOSITIONS.has(previous))) role = word;
    } else if (isMeant(word, previous)) add(canonical, names.has(word) ? 'name' : null);
    if (AUXILIARIES.has(word)) [role, isAsked] = [role !== null && CONJUNCTIONS.has(role) ? role : null, false];
  }
  return { terms, asks, modality };
}

/** Whether a word counts: a letter in "vitamin a" does, and so does what follows a number, as in "7 am"; those who do it, whoever they are, do not. */
function isMeant(word: string, previous: string): boolean {
  if (word === 'people') return !AUXILIARIES.has(previous);
  return !EMPTY_WORDS.has(word) || IS_NUMBER.test(previous) || (word.length === 1 && LETTER_HEADS.has(previous));
}

/** "A few" are some, "few" hardly any. */
function quantifierOf(word: string, previous: string): string {
  if (word === 'few' && previous === 'a') return 'several';
  return word === 'every' ? 'each' : word;
}

/** "A new one", "how does one". */
function isPronoun(word: string, previous: string): boolean {
  return (
    word === 'one' && (DETERMINERS.has(previous) || /^(?:do|does|did|can|could|should|would|must|may)$/.test(previous))
  );
}

/** Apple and apple, WHO and who, IT and it. */
function isAnotherThingAsName(word: string): boolean {
  return CASE_MATTERS.has(word) || EMPTY_WORDS.has(word) || PRONOUNS.has(word) || QUESTION_WORDS.has(word);
}
