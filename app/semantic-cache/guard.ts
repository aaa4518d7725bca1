import { type Alignment, alignTerms } from './align-terms.js';
import { properNamesIn } from './proper-names.js';
import { type QuestionForm, readQuestion } from './question-form.js';
import { NEGATIONS, PRONOUNS } from './question-words.js';
import { rolesDiffer } from './term-roles.js';
import { unmatchedWords } from './unmatched-words.js';

/**
 * Whether the answer to one question answers another; if not, why: because something is known to stand between them (`different`), or because
 * there are words in them of which nothing says that they mean the same (`unproven`).
 */
export type Sameness =
  | { readonly same: true }
  | { readonly same: false; readonly because: 'different' | 'unproven'; readonly difference: string };

/**
 * Compares two questions that embeddings find alike. Near in meaning is not the same: "capital of France" and "capital of Germany", "with" and "without alcohol"
 * are near. Two questions are the same if they want the same kind of answer, in the same tense, if every number, name, unit, negation and quantity
 * stands in both, and every other word or a synonym of it does, each in the same part of what is done. When in doubt they are not: a miss costs a
 * model call, a false hit a wrong answer.
 * @param about whether both are about the same images, which are then subject enough
 */
export function compareQuestions(
  asked: string,
  answered: string,
  { aboutImages = false }: { aboutImages?: boolean } = {},
): Sameness {
  const names = new Set([...properNamesIn(asked), ...properNamesIn(answered)]);
  const one = readQuestion(asked, names);
  const other = readQuestion(answered, names);
  const alignment = alignTerms(one.terms, other.terms);
  const difference =
    subjectLacks(one, other, aboutImages) ??
    formsDiffer(one, other) ??
    exactTermsDiffer(alignment) ??
    rolesDiffer(alignment.aligned, one, other);
  if (difference !== undefined) return { same: false, because: 'different', difference };
  if (unmatchedWords(alignment, one.asks).length === 0) return { same: true };
  return { same: false, because: 'unproven', difference: `word: ${oddWords(alignment)}` };
}

/** "How old is he?" can be answered only by who knows what was said before. */
function subjectLacks(one: QuestionForm, other: QuestionForm, aboutImages: boolean): string | undefined {
  const hasSubject = ({ terms }: QuestionForm) => terms.some(({ text }) => !PRONOUNS.has(text) && !NEGATIONS.has(text));
  return aboutImages || (hasSubject(one) && hasSubject(other)) ? undefined : 'a question without a subject of its own';
}

function formsDiffer(one: QuestionForm, other: QuestionForm): string | undefined {
  if (one.asks !== other.asks && !isWay(one, other) && !isWay(other, one)) {
    return `kind of question: ${one.asks} / ${other.asks}`;
  }
  if (one.tense !== other.tense) return `tense: ${one.tense} / ${other.tense}`;
  if (modalitiesDiffer(one, other)) return `modality: ${one.modality ?? 'none'} / ${other.modality ?? 'none'}`;
  if (personsDiffer(one, other)) return `person: ${one.persons} / ${other.persons}`;
  if (one.asks === 'what' && one.terms.length === 1 && one.definite !== other.definite) return 'article: a / the';
  return undefined;
}

/** "Is there a way to" asks whether one can and how. */
function isWay(way: QuestionForm, other: QuestionForm): boolean {
  return way.asks === 'way' && (other.asks === 'how' || (other.asks === 'whether' && other.modality === 'can'));
}

/** How one can is how one should; whether one can is neither whether one does nor whether one must. */
function modalitiesDiffer(one: QuestionForm, other: QuestionForm): boolean {
  const both = [one.modality, other.modality];
  if (one.modality === other.modality || ['how', 'way'].includes(one.asks) || other.asks === 'way') return false;
  if (one.asks === 'whether') return true;
  if (one.asks === 'who' || !both.includes(null)) return both.includes('can');
  return one.asks === 'what' && one.terms.length + other.terms.length === 2;
}

/** Anybody may ask how, but "how do I pay you" is not "how do you pay me", nor "how do people die" "how do I die". */
function personsDiffer(one: QuestionForm, other: QuestionForm): boolean {
  const both = [one.persons, other.persons];
  if (both.includes('') || one.persons === other.persons) return false;
  if (both.includes('i') && both.includes('people')) return true;
  const isAnybody = one.asks.startsWith('how') || (one.asks !== 'whether' && one.modality !== null);
  return !isAnybody || both.some((persons) => persons.includes(' '));
}

function exactTermsDiffer(alignment: Alignment): string | undefined {
  const odd = [...alignment.extra, ...alignment.missing].find(({ exact }) => exact !== null);
  return odd === undefined ? undefined : `${odd.exact}: ${oddWords(alignment)}`;
}

function oddWords({ extra, missing }: Alignment): string {
  return [extra, missing].map((terms) => terms.map(({ text }) => text).join(' ') || 'none').join(' / ');
}
