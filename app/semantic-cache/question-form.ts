import { joinNames, properNamesIn } from './proper-names.js';
import { plainText, restate, tokensOf, withoutEnd } from './question-text.js';
import {
  ANYBODY,
  AUXILIARIES,
  ENGLISH,
  FOREIGN_PLEASE,
  FORMS_OF_BE,
  FORMS_OF_DO,
  FUTURE_WORDS,
  PAST_WORDS,
  PERSONS,
  YES_NO_OPENINGS,
} from './question-words.js';
import { type Modality, readTerms, type Term } from './read-terms.js';
import { isPastForm } from './word-stem.js';

/** What a question asks, without the way it is put. */
export interface QuestionForm {
  /** What kind of answer it wants: `what`, `who`, `how many`, `whether`; several for several; `way` for "is there a way to". */
  readonly asks: string;
  readonly tense: 'past' | 'present' | 'future';
  readonly modality: Modality | null;
  /** A form of "be", "do" or "get" carries it: "is it cut" is not "does it cut", nor "how do I get hired" "how do I hire". */
  readonly auxiliary: 'be' | 'do' | 'get' | null;
  /** Something definite is asked after: "the capital" rather than "a capital". */
  readonly definite: boolean;
  /** Who is spoken of: the one who asks (`i`), the one who is asked (`you`), both in their order. */
  readonly persons: string;
  /** Asks for yes or no of something that the asker or anybody does, not of what a thing or somebody named does. */
  readonly isAnybodys: boolean;
  /** What carries the meaning, in its order: nouns, verbs, names, numbers, units, negations. */
  readonly terms: readonly Term[];
}

/**
 * Reads a question. What is not English is taken word by word.
 * @param names in small letters; a name has no plural: "Aliens" is another film than "Alien". @default the question's own
 */
export function readQuestion(question: string, names: ReadonlySet<string> = properNamesIn(question)): QuestionForm {
  const text = plainText(question);
  if (!ENGLISH.test(text)) return readForeign(text);
  const words = tokensOf(joinNames(restate(text.toLowerCase()), names));
  const auxiliary = auxiliaryOf(words);
  const { terms, asks, modality } = readTerms(words, { text, names, isPassive: auxiliary === 'be' });
  return {
    asks: asks.join(' ') || (YES_NO_OPENINGS.has(words[0] ?? '') || modality !== null ? 'whether' : 'what'),
    tense: tenseOf(words, terms),
    modality,
    auxiliary,
    definite: words.includes('the'),
    persons: [...new Set(words.flatMap((word) => PERSONS.get(word) ?? []))].join(' '),
    isAnybodys: words.slice(0, 3).some((word) => ANYBODY.has(word)),
    terms,
  };
}

/** What a question is asked anew with: its numbers, dates among them, each in one notation and in their order. */
export function slotsOf(question: string): readonly string[] {
  return readQuestion(question).terms.flatMap(({ text }) => (/^\p{N}/u.test(text) ? [text] : []));
}

function readForeign(text: string): QuestionForm {
  const words = tokensOf(withoutEnd(text.toLowerCase()).replace(FOREIGN_PLEASE, ''));
  const term = { exact: 'word', role: null, isPast: false, isPredicate: false, isAsked: false } as const;
  return {
    asks: 'what',
    tense: 'present',
    modality: null,
    auxiliary: null,
    definite: false,
    persons: '',
    isAnybodys: false,
    terms: words.map((word) => ({ ...term, text: word, stem: word })),
  };
}

/** By the auxiliary of its main clause; without one, and in the perfect, by its verb: "who invented". */
function tenseOf(words: readonly string[], terms: readonly Term[]): QuestionForm['tense'] {
  if (words.some((word) => FUTURE_WORDS.has(word))) return 'future';
  const relative = words.findIndex((word, i) => i > 1 && /^(?:that|who|which)$/.test(word));
  const auxiliary = words.slice(0, relative < 0 ? words.length : relative).find((word) => AUXILIARIES.has(word));
  if (auxiliary !== undefined && PAST_WORDS.has(auxiliary)) return 'past';
  const byVerb = auxiliary === undefined || auxiliary === 'has' || auxiliary === 'have';
  return byVerb && terms.some(({ isPast }) => isPast) ? 'past' : 'present';
}

/** What one gets into is what one does. */
const DONE_BY_ONESELF = new Set('divorced done dressed engaged lost married started used'.split(' '));

function auxiliaryOf(words: readonly string[]): QuestionForm['auxiliary'] {
  const isDoneTo = (verb = '') => isPastForm(verb) && !DONE_BY_ONESELF.has(verb);
  if (words.some((word, i) => /^get(?:s|ting)?$/.test(word) && isDoneTo(words[i + 1]))) return 'get';
  const first = words.find((word) => FORMS_OF_BE.has(word) || FORMS_OF_DO.has(word));
  if (first === undefined) return null;
  return FORMS_OF_BE.has(first) ? 'be' : 'do';
}
