import { subjectKeys, terms } from './terms.js';

const ENDS_AS_QUESTION = /[?？؟]\s*["')\]]*\s*$/;
const STARTS_AS_QUESTION =
  /^\W*(who|whom|whose|what|when|where|why|which|how|is|are|am|was|were|do|does|did|can|could|will|would|should|has|have|tell|explain|describe|list|show|give|find|summari[sz]e|compare|calculate|compute|remind)\b/i;
const FIRST_PERSON = /(?<![\p{L}\p{N}])(i|i['’]m|my|me|mine|myself|we|our|us)(?![\p{L}\p{N}])/iu;
const POINTS_BACK = /(?<![\p{L}\p{N}])(it|its|they|them|their|this|these|he|she|him|her)(?![\p{L}\p{N}])/iu;
/** A question that says more than this by itself is understood by itself. */
const MOST_TERMS_OF_ELLIPSIS = 3;

/** Whether a sentence asks or requests something, rather than telling it. By form; English words, any language's question mark. */
export function isQuestion(sentence: string): boolean {
  return ENDS_AS_QUESTION.test(sentence) || STARTS_AS_QUESTION.test(sentence);
}

/** Whether the speaker speaks of themselves. */
export function isAboutSpeaker(sentence: string): boolean {
  return FIRST_PERSON.test(sentence);
}

/** Whether a sentence needs the one before to be understood. */
export function pointsBack(sentence: string): boolean {
  return POINTS_BACK.test(sentence) && subjectKeys(sentence).length <= MOST_TERMS_OF_ELLIPSIS;
}

/** What a question is about, in its own words: from the first telling word to the last. `undefined` if it has none. */
export function subjectOf(question: string): string | undefined {
  const telling = [...terms(question)].filter(({ stop }) => !stop);
  const [first, last] = [telling[0], telling.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return question.slice(first.start, last.start + last.word.length).replace(/\s+/g, ' ');
}
