import { plainText } from './question-text.js';
import { ENGLISH } from './question-words.js';

/** Names in a question in small letters, as one can tell by their capitals. A name of several words is there as a whole too, and so is each of its words. */
export function properNamesIn(question: string): ReadonlySet<string> {
  const text = plainText(question);
  return ENGLISH.test(text) ? namesIn(text) : new Set();
}

/** Where a sentence ended, and not a title: "was declined. What", but "St. Petersburg". */
const SENTENCE_BEFORE = /(?:^|[?!:]\s+|\p{Ll}{3}\.\s+)$/u;

/** Words that are written with a capital in the middle of a sentence, in a text that uses capitals for names only; and those that stand together. */
function namesIn(text: string): ReadonlySet<string> {
  const words = [...text.matchAll(/\p{L}[\p{L}.]*/gu)].map(({ 0: word, index }) => ({
    word: word.replaceAll('.', ''),
    opens: SENTENCE_BEFORE.test(text.slice(0, index)),
  }));
  const isCapital = (word: string) => /^\p{Lu}/u.test(word) && !['I', 'OK'].includes(word);
  const capitals = words.filter(({ word, opens }) => !opens && isCapital(word)).map(({ word }) => word);
  const inside = words.filter(({ opens }) => !opens).length;
  if (words.length > 3 && capitals.length > inside * 0.7) return new Set();
  const first = words.filter(({ word, opens }) => opens && /^\p{Lu}{2,}$/u.test(word)).map(({ word }) => word);
  const together = [...text.matchAll(/(?<=\s)\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/gu)].map(([name]) => name.toLowerCase());
  return new Set(
    [...first, ...capitals, ...together, ...together.map((name) => name.replaceAll(' ', ''))].map((word) =>
      word.toLowerCase(),
    ),
  );
}

/** A name of several words is one, so that York is not in New York. */
export function joinNames(text: string, names: ReadonlySet<string>): string {
  return [...names]
    .filter((name) => name.includes(' '))
    .reduce((all, name) => all.replaceAll(name, name.replaceAll(' ', '')), text);
}

/** A bit is no byte, with a number before it or without. */
export function isDataSize(unit = ''): boolean {
  return /^[kKMGTP]i?[bB]$/.test(unit);
}

/** Units that are not in small letters, by their small letters: 5 mW is not 5 MW. */
export function unitsIn(text: string): ReadonlyMap<string, string> {
  const units = [...text.matchAll(/(?<=\d\s?)\p{L}{1,3}\b|\b[kKMGTP]i?[bB]\b/gu)].map(([unit]) => unit);
  return new Map(units.filter((unit) => unit !== unit.toLowerCase()).map((unit) => [unit.toLowerCase(), unit]));
}
