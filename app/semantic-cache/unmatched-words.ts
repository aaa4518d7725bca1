import type { Alignment } from './align-terms.js';
import type { QuestionForm } from './question-form.js';
import { ANYBODY, COST_WORDS, TIME_WORDS, VAGUE_WORDS } from './question-words.js';
import type { Term } from './read-terms.js';
import { isTurnedVerb } from './term-roles.js';

/** Words of one question that say something which no word of the other says. */
export function unmatchedWords(
  { aligned, extra, missing }: Alignment,
  one: QuestionForm,
  other: QuestionForm,
): readonly Term[] {
  const verb = aligned.find((each) => isTurnedVerb(each, one, other));
  const doers = verb === undefined ? [] : [doerOf(one, verb.at), doerOf(other, verb.otherAt)];
  const odd = [extra, missing].map((terms) => terms.filter((term) => !doers.includes(term)));
  // A vague word may be left out, and not stand for another.
  const isExchanged = odd.every((terms) => terms.length > 0);
  return odd.flat().filter((term) => isExchanged || !isVague(term, one.asks));
}

/** People who do it: "what people speak in Brazil" is "what is spoken in Brazil". */
function doerOf({ terms }: QuestionForm, verb: number): Term | undefined {
  const before = terms[verb - 1];
  return before !== undefined && ANYBODY.has(before.text) && !before.isAsked ? before : undefined;
}

/** Where a time is asked after, "in what year" says no more than "when". */
function isVague({ text }: Term, asks: string): boolean {
  if (VAGUE_WORDS.has(text)) return true;
  if (asks === 'how much') return COST_WORDS.has(text);
  return TIME_WORDS.has(text) && /^(?:when|how long|how often)/.test(asks);
}
