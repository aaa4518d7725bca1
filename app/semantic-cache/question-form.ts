import { restateQuantities, spelledUnit } from './quantities.js';
import { restateForms } from './question-forms.js';
import {
  ANYONE,
  CASE_MATTERS,
  CONTRACTIONS,
  canonicalWord,
  EMPTY_WORDS,
  ENGLISH,
  FOREIGN_PLEASE,
  FORMS_OF_BE,
  FORMS_OF_DO,
  FUTURE_WORDS,
  LETTER_HEADS,
  MEASURES,
  OPENINGS,
  PAST_WORDS,
  PRONOUNS,
  QUESTION_WORDS,
  YES_NO_OPENINGS,
} from './question-words.js';

/** What a question asks, without the way it is put. */
export interface QuestionForm {
  /** What kind of answer it wants: `what`, `who`, `how many`, `whether`; several for several. */
  readonly asks: string;
  /** `past`, `present` or `future`, and whether a form of "be" or "do" carries it: "is it cut" is not "does it cut". */
  readonly tense: string;
  readonly auxiliary: 'be' | 'do' | null;
  /** Something definite is asked after: "the capital" rather than "a capital". */
  readonly definite: boolean;
  /** The words that carry the meaning, each in one form, in their order: nouns, verbs, names, numbers, units, negations. */
  readonly terms: readonly string[];
}

/**
 * Reads a question. What is not English is taken word by word.
 * @param properNames in small letters; a name has no plural: "Aliens" is another film than "Alien". @default the question's own
 */
export function readQuestion(
  question: string,
  properNames: ReadonlySet<string> = properNamesIn(question),
): QuestionForm {
  const text = plainText(question);
  if (!ENGLISH.test(text)) {
    return {
      asks: 'what',
      tense: 'present',
      auxiliary: null,
      definite: false,
      terms: tokensOf(withoutEnd(text.toLowerCase()).replace(FOREIGN_PLEASE, '')),
    };
  }
  const names = namesIn(text);
  const units = unitsIn(text);
  const words = tokensOf(restate(text.toLowerCase()));
  const asks: string[] = [];
  const terms: string[] = [];
  for (const [i, word] of words.entries()) {
    const previous = words[i - 1] ?? '';
    const asked = QUESTION_WORDS[word];
    const written = units.get(word);
    const isUnit = IS_NUMBER.test(previous) || IS_DATA_SIZE.test(written ?? '');
    const unit = isUnit ? (spelledUnit(written ?? word) ?? written) : undefined;
    if (asked !== undefined && !names.has(word)) asks.push(asked);
    else if (previous === 'how' && MEASURES.has(word)) asks[asks.length - 1] = `how ${word}`;
    else if (unit !== undefined) terms.push(unit);
    else if (names.has(word) && isAnotherThingAsName(word)) terms.push(`^${word}`);
    else if (isMeant(word, previous)) terms.push(canonicalWord(word, properNames));
  }
  if (asks.length === 0) asks.push(YES_NO_OPENINGS.has(words[0] ?? '') ? 'whether' : 'what');
  const auxiliary = auxiliaryOf(words);
  return { asks: asks.join(' '), tense: tenseOf(words), auxiliary, definite: words.includes('the'), terms };
}

/** What a question is asked anew with: its numbers, dates among them, each in one notation and in their order. */
export function slotsOf(question: string): readonly string[] {
  return readQuestion(question).terms.filter((term) => IS_NUMBER.test(term));
}

/** Names in a question, as one can tell by their capitals. */
export function properNamesIn(question: string): ReadonlySet<string> {
  const text = plainText(question);
  return ENGLISH.test(text) ? namesIn(text) : new Set();
}

function plainText(question: string): string {
  return question.normalize('NFC').replaceAll(/[’‘ʼ]/g, "'").trim();
}

const IS_NUMBER = /^\p{N}/u;

/** Whether a word counts: a letter in "vitamin a" does, and so does what follows a number, as in "7 am". */
function isMeant(word: string, previous: string): boolean {
  return !EMPTY_WORDS.has(word) || IS_NUMBER.test(previous) || (word.length === 1 && LETTER_HEADS.has(previous));
}

/** Apple and apple, WHO and who, IT and it. */
function isAnotherThingAsName(word: string): boolean {
  return CASE_MATTERS.has(word) || EMPTY_WORDS.has(word) || PRONOUNS.has(word) || word in QUESTION_WORDS;
}

/** Brings different ways to put the same question to one. */
function restate(lowerCase: string): string {
  let text = restateQuantities(lowerCase.replaceAll(/(\d),(?=\d{3}\b)/g, '$1'));
  for (const [pattern, instead] of CONTRACTIONS) {
    text = typeof instead === 'string' ? text.replaceAll(pattern, instead) : text.replaceAll(pattern, instead);
  }
  // Only after a word that cannot belong to the owner: "is france's capital", not "new york's mayor".
  text = withoutEnd(withoutEnd(text).replace(/[\s,.?!]+(?:please|thanks|thank you|thanks in advance)$/, ''));
  text = text.replace(
    /^((?:what|who|where|how|which) (?:is|are|was|were)) (\p{L}+)'s ((?:\p{L}+ )\p{L}+)$/u,
    '$1 the $3 of $2',
  );
  text = text.replaceAll(/\b(is|are|was|were|the|of|in|does|did) (\p{L}+)(?:'s|(?<=s)') (\p{L}+)/gu, '$1 $3 of $2');
  for (let before = ''; before !== text; ) {
    before = text;
    for (const opening of OPENINGS) text = text.replace(opening, '').trim();
  }
  text = restateForms(text);
  return text.replace(ANYONE, (_, one?: string, other?: string) => `${one ?? other ?? 'how'} do `);
}

/** Without the marks at its end, but for a factorial. */
function withoutEnd(text: string): string {
  return text.replace(/(?:[\s?.…？。]|(?<!\d)!)+$/, '');
}

/** A number, a word, or a sign; of punctuation only what stands by itself, and what reckons: "5!", "(2+3)*4". */
const TOKEN =
  /\p{Nd}+(?:st|nd|rd|th)\b|\p{Nd}+(?:[.,:]\p{Nd}+)*|\p{L}(?:\.\p{L})+|[\p{L}\p{M}]+[+#]*|(?<=\p{Nd})!|(?<=^|\s)[\p{P}\p{S}]+(?=\s|$)|[-()]|[^\s\p{L}\p{M}\p{P}]|[%&*/\\@#_]/gu;

/** A minus is a dash between words: "COVID-19" is "covid 19". */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isDash =
      token === '-' && (/\p{L}/u.test(text[index - 1] ?? '') || !/^\s?[\d(]/.test(text.slice(index + 1, index + 3)));
    if (!isDash) tokens.push(/\p{L}\./u.test(token) ? token.replaceAll('.', '') : token);
  }
  return tokens;
}

/** Words that are written with a capital in the middle of a sentence, in a text that uses capitals for names only. */
function namesIn(text: string): ReadonlySet<string> {
  const words = [...text.matchAll(/\p{L}[\p{L}.]*/gu)].map(([word]) => word.replaceAll('.', ''));
  const capitals = words.slice(1).filter((word) => /^\p{Lu}/u.test(word) && word !== 'I');
  if (words.length > 3 && capitals.length > (words.length - 1) * 0.7) return new Set();
  const first = words.slice(0, 1).filter((word) => /^\p{Lu}{2,}$/u.test(word));
  return new Set([...first, ...capitals].map((word) => word.toLowerCase()));
}

/** A bit is no byte, with a number before it or without. */
const IS_DATA_SIZE = /^[kKMGTP]i?[bB]$/;

/** Units that are not in small letters, by their small letters: 5 mW is not 5 MW. */
function unitsIn(text: string): ReadonlyMap<string, string> {
  const units = [...text.matchAll(/(?<=\d\s?)\p{L}{1,3}\b|\b[kKMGTP]i?[bB]\b/gu)].map(([unit]) => unit);
  return new Map(units.filter((unit) => unit !== unit.toLowerCase()).map((unit) => [unit.toLowerCase(), unit]));
}

function tenseOf(words: readonly string[]): string {
  if (words.some((word) => PAST_WORDS.has(word))) return 'past';
  return words.some((word) => FUTURE_WORDS.has(word)) ? 'future' : 'present';
}

function auxiliaryOf(words: readonly string[]): QuestionForm['auxiliary'] {
  const first = words.find((word) => FORMS_OF_BE.has(word) || FORMS_OF_DO.has(word));
  if (first === undefined) return null;
  return FORMS_OF_BE.has(first) ? 'be' : 'do';
}
