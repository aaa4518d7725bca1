import type { Alignment } from './align-terms.js';
import { COST_WORDS, TIME_WORDS, VAGUE_WORDS } from './question-words.js';
import type { Term } from './read-terms.js';

/**
 * Words of one question that say something which no word of the other says.
 * @param asks the kind of question: where a time is asked after, "in what year" says no more than "when"
 */
export function unmatchedWords({ extra, missing }: Alignment, asks: string): readonly Term[] {
  const odd = [...extra, ...missing];
  // A vague word may be left out, and not stand for another.
  const isExchanged = extra.length > 0 && missing.length > 0;
  return isExchanged ? odd : odd.filter((term) => !isVague(term, asks));
}

function isVague({ text }: Term, asks: string): boolean {
  if (VAGUE_WORDS.has(text)) return true;
  if (asks === 'how much') return COST_WORDS.has(text);
  return TIME_WORDS.has(text) && /^(?:when|how long|how often)/.test(asks);
}

/** The same for who is told: those of the one, those of the other. */
export function oddWords({ extra, missing }: Alignment): string {
  return [extra, missing].map((terms) => terms.map(({ text }) => text).join(' ') || 'none').join(' / ');
}
