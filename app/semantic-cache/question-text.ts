import { joinPhrasalVerbs } from './phrasal-verbs.js';
import { restateQuantities } from './quantities.js';
import { restateForms } from './question-forms.js';
import { CONTRACTIONS, OPENINGS } from './question-words.js';

/** One way to write its signs. */
export function plainText(question: string): string {
  return question.normalize('NFC').replaceAll(/[’‘ʼ]/g, "'").trim();
}

/** Brings different ways to put the same question to one. */
export function restate(lowerCase: string): string {
  let text = restateQuantities(lowerCase.replaceAll(/(\d),(?=\d{3}\b)/g, '$1'));
  for (const [pattern, instead] of CONTRACTIONS) {
    text = typeof instead === 'string' ? text.replaceAll(pattern, instead) : text.replaceAll(pattern, instead);
  }
  text = withoutEnd(withoutEnd(text).replace(/[\s,.?!]+(?:please|thanks|thank you|thanks in advance)$/, ''));
  text = text.replaceAll(/(\p{L})(?:'s|(?<=s)')(?= )/gu, '$1');
  for (let before = ''; before !== text; ) {
    before = text;
    for (const opening of OPENINGS) text = text.replace(opening, '').trim();
  }
  return joinPhrasalVerbs(restateForms(text));
}

/** Without the marks at its end, but for a factorial. */
export function withoutEnd(text: string): string {
  return text.replace(/(?:[\s?.…？。]|(?<!\d)!)+$/, '');
}

/** A number, a word, or a sign; of punctuation only what stands by itself, and what reckons: "5!", "(2+3)*4". */
const TOKEN =
  /\p{Nd}+(?:st|nd|rd|th)\b|\p{Nd}+(?:[.,:]\p{Nd}+)*|\p{L}(?:\.\p{L})+|[\p{L}\p{M}]+[+#]*|(?<=\p{Nd})!|(?<=^|\s)[\p{P}\p{S}]+(?=\s|$)|[-()]|[^\s\p{L}\p{M}\p{P}]|[%&*/\\@#_]/gu;

/** A minus is a dash between words: "COVID-19" is "covid 19". */
export function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isDash =
      token === '-' && (/\p{L}/u.test(text[index - 1] ?? '') || !/^\s?[\d(]/.test(text.slice(index + 1, index + 3)));
    if (!isDash) tokens.push(/\p{L}\./u.test(token) ? token.replaceAll('.', '') : token);
  }
  return tokens;
}
