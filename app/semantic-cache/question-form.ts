import {
  ANYONE,
  CASE_MATTERS,
  CONTRACTIONS,
  canonicalWord,
  EMPTY_WORDS,
  FORMS,
  FUTURE_WORDS,
  LETTER_HEADS,
  OPENINGS,
  PAST_WORDS,
  QUESTION_WORDS,
  YES_NO_OPENINGS,
} from './question-words.js';

/** What a question asks, without the way it is put. */
export interface QuestionForm {
  /** What kind of answer it wants: `what`, `who`, `how many`, `whether`, … ; several for several. */
  readonly asks: string;
  readonly tense: 'past' | 'present' | 'future';
  /** The words that carry the meaning, each in one form, in their order: nouns, verbs, names, numbers, units, negations. */
  readonly terms: readonly string[];
}

/** A word, a number, or a sign that reckons. */
const TOKEN = /\p{L}(?:\.\p{L})+\.?|\p{L}[\p{L}\p{M}]*[+#]*|\d+(?:[.,:]\d+)*|[%$€£°<>=+*/^-]/gu;
const SIGN = /^[<>=+*/^-]$/;
/** "how" takes its measure with it: how many, how old. */
const MEASURES = new Set('many much long old far often tall big deep high fast large wide heavy soon late early'.split(' '));

/** Reads a question. Written for English; in another language every word counts, so that only the same words are the same question. */
export function readQuestion(question: string): QuestionForm {
  const text = question.normalize('NFKC').replaceAll(/[’‘ʼ]/g, "'").trim();
  const names = namesIn(text);
  const words = tokensOf(restate(text.toLowerCase()));
  const asks: string[] = [];
  const terms: string[] = [];
  for (const [i, word] of words.entries()) {
    const previous = words[i - 1] ?? '';
    const asked = QUESTION_WORDS[word];
    if (asked !== undefined && !names.has(word)) asks.push(asked);
    else if (previous === 'how' && MEASURES.has(word)) asks[asks.length - 1] = `how ${word}`;
    else if (names.has(word)) terms.push(CASE_MATTERS.has(word) ? `^${word}` : canonicalWord(word));
    else if (word.length === 1 && LETTER_HEADS.has(previous)) terms.push(word);
    else if (!EMPTY_WORDS.has(word)) terms.push(canonicalWord(word));
  }
  if (asks.length === 0) asks.push(YES_NO_OPENINGS.has(words[0] ?? '') ? 'whether' : 'what');
  return { asks: asks.join(' '), tense: tenseOf(words), terms: withoutIdleModal(asks, terms) };
}

/** Brings different ways to put the same question to one. */
function restate(lowerCase: string): string {
  let text = lowerCase.replaceAll(/(\d),(?=\d{3}\b)/g, '$1');
  for (const [pattern, instead] of CONTRACTIONS) text = text.replaceAll(pattern, instead);
  text = text.replaceAll(/(\p{L}+)(?:'s|(?<=s)') (\p{L}+)/gu, '$2 of $1');
  text = text.replace(/[\s?!.…]+$/, '').replace(/[, ]+please$/, '');
  for (let before = ''; before !== text; ) {
    before = text;
    for (const opening of OPENINGS) text = text.replace(opening, '').trim();
  }
  for (const [form, instead] of FORMS) text = text.replace(form, instead);
  return text.replaceAll(ANYONE, '$1 ');
}

/** Words and numbers. A sign counts before or between numbers only; a hyphen within words is a space. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const after = text.slice(index + token.length).trimStart();
    if (SIGN.test(token) && (!/^[\d(]/.test(after) || /\p{L}$/u.test(text.slice(0, index)) !== (token === '^'))) {
      if (token !== '^' || !/^\d/.test(after)) continue;
    }
    tokens.push(token.length > 1 && /\p{L}/u.test(token) ? token.replaceAll('.', '') : token);
  }
  return tokens;
}

/** Words that are written with a capital in the middle of a sentence, in a text that uses capitals for names only. */
function namesIn(text: string): ReadonlySet<string> {
  const words = [...text.matchAll(/\p{L}[\p{L}.]*/gu)].map(([word]) => word.replaceAll('.', ''));
  const capitals = words.slice(1).filter((word) => /^\p{Lu}/u.test(word) && word !== 'I');
  if (words.length > 3 && capitals.length > (words.length - 1) * 0.7) return new Set();
  const acronym = /^\p{Lu}{2,}$/u.test(words[0] ?? '') ? [words[0] ?? ''] : [];
  return new Set([...acronym, ...capitals].map((word) => word.toLowerCase()));
}

function tenseOf(words: readonly string[]): QuestionForm['tense'] {
  if (words.some((word) => PAST_WORDS.has(word))) return 'past';
  return words.some((word) => FUTURE_WORDS.has(word)) ? 'future' : 'present';
}

/** "How can I" asks what "how do I" asks; "can I" does not ask what "should I" asks. */
function withoutIdleModal(asks: readonly string[], terms: readonly string[]): readonly string[] {
  const open = asks.some((ask) => ask === 'how' || ask === 'where');
  return open && (terms[0] === 'can' || terms[0] === 'could') ? terms.slice(1) : terms;
}
