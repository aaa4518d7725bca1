import { properNamesIn, readQuestion } from './question-form.js';
import { NEGATIONS, PRONOUNS } from './question-words.js';
import { differInVoiceOnly } from './voice.js';

/** Whether the answer to one question answers another; if not, what stands between them. */
export type Sameness = { readonly same: true } | { readonly same: false; readonly difference: string };

/**
 * Compares two questions that embeddings find alike. Near in meaning is not the same: "capital of France" and "capital of Germany",
 * "with" and "without alcohol" are near. Two questions are the same if they want the same kind of answer, in the same tense, and
 * every number, name, unit, negation and other word that carries meaning stands in both, in the same order but for that of active and passive.
 * When in doubt they are not: a miss costs a model call, a false hit a wrong answer.
 * @param about whether both are about the same images, which are then subject enough
 */
export function compareQuestions(asked: string, answered: string, about: { aboutImages?: boolean } = {}): Sameness {
  const names = new Set([...properNamesIn(asked), ...properNamesIn(answered)]);
  const one = readQuestion(asked, names);
  const other = readQuestion(answered, names);
  const hasSubjects = about.aboutImages === true || (hasSubject(one.terms) && hasSubject(other.terms));
  if (!hasSubjects) return differ('a question without a subject of its own');
  if (differInVoiceOnly(one, other)) return { same: true };
  const extra = without(one.terms, other.terms);
  const missing = without(other.terms, one.terms);
  const odd = [...extra, ...missing];
  if (odd.length > 0) return differ(`${kindOf(odd)}: ${extra.join(' ') || 'none'} / ${missing.join(' ') || 'none'}`);
  if (one.asks !== other.asks) return differ(`kind of question: ${one.asks} / ${other.asks}`);
  if (one.tense !== other.tense) return differ(`tense: ${one.tense} / ${other.tense}`);
  if (one.auxiliary !== null && other.auxiliary !== null && one.auxiliary !== other.auxiliary) {
    return differ(`verb: ${one.auxiliary} / ${other.auxiliary}`);
  }
  if (one.terms.length === 1 && one.definite !== other.definite) return differ('article: a / the');
  const inOrder = one.terms.every((term, i) => term === other.terms[i]);
  return inOrder ? { same: true } : differ(`order: ${one.terms.join(' ')} / ${other.terms.join(' ')}`);
}

/** "How old is he?" can be answered only by who knows what was said before. */
function hasSubject(terms: readonly string[]): boolean {
  return terms.some((term) => !PRONOUNS.has(term) && !NEGATIONS.has(term));
}

function differ(difference: string): Sameness {
  return { same: false, difference };
}

/** What is left of a list when each term of another has taken one away. */
function without(terms: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...taken];
  return terms.filter((term) => {
    const at = left.indexOf(term);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function kindOf(terms: readonly string[]): string {
  if (terms.some((term) => /^[-+]?\d/.test(term))) return 'number';
  return terms.some((term) => NEGATIONS.has(term)) ? 'negation' : 'word';
}
