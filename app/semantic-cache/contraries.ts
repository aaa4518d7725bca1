import type { Alignment } from './align-terms.js';
import { areContrasted, goContraryWays, isDenial, isRefusal } from './contrasts.js';
import type { Difference } from './difference.js';
import type { QuestionForm } from './question-form.js';
import type { Term } from './read-terms.js';
import { oddWords } from './unmatched-words.js';

/**
 * A word against its contrary, or a negation that nothing stands for. One undoes the other: what does "not work" has "failed". A word that refuses negates too, and so
 * does one that denies where nothing is said in its place.
 */
export function* contraries(alignment: Alignment, one: QuestionForm, other: QuestionForm): Generator<Difference> {
  if (goContraryWays(one.terms, other.terms)) yield { says: 'contrast: up / down', isCertain: true };
  const { extra, missing } = alignment;
  const contrast = contrastOf(textsOf(extra), textsOf(missing));
  const [negations, others] = [extra, missing].map((terms) => terms.filter(({ exact }) => exact === 'negation').length);
  if (contrast !== undefined) yield { says: `contrast: ${contrast}`, isCertain: negations === others };
  if (negations !== others) {
    const isDenied = contrast !== undefined || denies(negations === 0 ? extra : missing);
    yield { says: `negation: ${oddWords(alignment)}`, isCertain: !isDenied };
  } else if (onlyDenies(extra, missing) || onlyDenies(missing, extra)) {
    yield { says: `denial: ${oddWords(alignment)}`, isCertain: true };
  }
}

/** Each word once: a question may say the same a hundred times, and every word is held against every other. */
const textsOf = (terms: readonly Term[]) => [...new Set(terms.map(({ text }) => text))];

function contrastOf(words: readonly string[], others: readonly string[]): string | undefined {
  for (const word of words) {
    const contrary = others.find((other) => areContrasted(word, other));
    if (contrary !== undefined) return `${word} / ${contrary}`;
  }
  return undefined;
}

const denies = (terms: readonly Term[]) => terms.some(({ text, exact }) => exact === 'negation' || isDenial(text));

function onlyDenies(one: readonly Term[], other: readonly Term[]): boolean {
  return (denies(one) && other.length === 0) || (one.some(({ text }) => isRefusal(text)) && !denies(other));
}
