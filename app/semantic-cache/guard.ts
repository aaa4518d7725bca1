import { type Alignment, alignTerms } from './align-terms.js';
import { contraries } from './contraries.js';
import type { Difference } from './difference.js';
import { formDifferences } from './form-differences.js';
import { writeOutInitials } from './initials.js';
import { properNamesIn } from './proper-names.js';
import { type QuestionForm, readQuestion } from './question-form.js';
import { NEGATIONS, PRONOUNS } from './question-words.js';
import type { Term } from './read-terms.js';
import { isReworded } from './rewording.js';
import { roleDifferences } from './role-differences.js';
import { oddWords, unmatchedWords } from './unmatched-words.js';

/**
 * Whether the answer to one question answers another; if not, why: because something is known to stand between them (`different`), or because
 * nothing says that they mean the same (`unproven`).
 */
export type Sameness =
  | { readonly same: true }
  | { readonly same: false; readonly because: 'different' | 'unproven'; readonly difference: string };

/**
 * Compares two questions that embeddings find alike. Near in meaning is not the same: "capital of France" and "capital of Germany", "with" and "without alcohol"
 * are near. Two questions are the same if they want the same kind of answer, in the same tense, if every number, name, unit, negation and quantity
 * stands in both, and every other word or a synonym of it does, each in the same part of what is done. Where words are left over, or the kind of question is
 * another, they are the same only if they lie nearer than questions that are worded so differently do. When in doubt they are not: a miss costs a model
 * call, a false hit a wrong answer.
 * @param aboutImages whether both are about the same images, which are then subject enough
 * @param cosine of their embeddings, if these see meaning. @default no wording is weighed
 */
export function compareQuestions(
  asked: string,
  answered: string,
  { aboutImages = false, cosine }: { aboutImages?: boolean; cosine?: number | undefined } = {},
): Sameness {
  const [one, other] = [writeOutInitials(asked, answered), writeOutInitials(answered, asked)];
  const names = new Set([...properNamesIn(one), ...properNamesIn(other)]);
  const differences = [...differencesOf(readQuestion(one, names), readQuestion(other, names), aboutImages)];
  const certain = differences.find(({ isCertain }) => isCertain);
  if (certain !== undefined) return { same: false, because: 'different', difference: certain.says };
  const [doubt] = differences;
  if (doubt === undefined || (cosine !== undefined && isReworded(asked, answered, cosine))) return { same: true };
  return { same: false, because: 'unproven', difference: doubt.says };
}

function* differencesOf(one: QuestionForm, other: QuestionForm, aboutImages: boolean): Generator<Difference> {
  if (!aboutImages && !(hasSubject(one) && hasSubject(other))) {
    yield { says: 'a question without a subject of its own', isCertain: true };
  }
  yield* formDifferences(one, other);
  const alignment = alignTerms(one.terms, other.terms);
  yield* exactDifferences(alignment, one.asks === 'who');
  yield* contraries(alignment, one, other);
  yield* roleDifferences(alignment.aligned, one, other);
  if (unmatchedWords(alignment, one.asks).length > 0) {
    yield { says: `word: ${oddWords(alignment)}`, isCertain: false };
  }
}

/** "How old is he?" can be answered only by who knows what was said before. */
function hasSubject({ terms }: QuestionForm): boolean {
  return terms.some(({ text }) => !PRONOUNS.has(text) && !NEGATIONS.has(text));
}

/**
 * What nothing else can say. A particle, a quantity in words or "one" may be part of another wording, unless there is one in each.
 * @param asksWho then a particle tells who does it and to whom
 */
function* exactDifferences(alignment: Alignment, asksWho: boolean): Generator<Difference> {
  const odd = [alignment.extra, alignment.missing];
  const isOnBothSides = (exact: Term['exact']) => odd.every((terms) => terms.some((term) => term.exact === exact));
  for (const { exact, text } of odd.flat()) {
    if (exact === null || exact === 'negation') continue;
    const mayBeLeftOut = (exact === 'particle' && !asksWho) || exact === 'quantifier' || text === '1' || text === '1st';
    yield { says: `${exact}: ${oddWords(alignment)}`, isCertain: !mayBeLeftOut || isOnBothSides(exact) };
  }
}
