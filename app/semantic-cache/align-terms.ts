import type { Term } from './read-terms.js';
import { mayMeanTheSame } from './synonyms.js';
import { stemOf } from './word-stem.js';

/** A word of one question and that of the other which says the same. */
export interface Aligned {
  readonly one: Term;
  readonly other: Term;
  /** Places in the two questions. */
  readonly at: number;
  readonly otherAt: number;
}

export interface Alignment {
  /** In the order of the first question. */
  readonly aligned: readonly Aligned[];
  readonly extra: readonly Term[];
  readonly missing: readonly Term[];
}

/** Ways to say the same, the surest first. What stands in one role in both goes before what does not. */
const LIKENESSES: readonly ((one: Term, other: Term) => boolean)[] = [
  (one, other) => one.text === other.text && one.role === other.role,
  (one, other) => one.text === other.text,
  (one, other) => isOrdinary(one, other) && one.stem === other.stem,
  (one, other) => isOrdinary(one, other) && mayMeanTheSame(stemOf(one.text), stemOf(other.text)),
];

const isOrdinary = (one: Term, other: Term) => one.exact === null && other.exact === null;

/** Pairs the words of two questions. */
export function alignTerms(one: readonly Term[], other: readonly Term[]): Alignment {
  const left = new Set(one.keys());
  const free = new Set(other.keys());
  const aligned: Aligned[] = [];
  for (const isLike of LIKENESSES) {
    for (const at of left) {
      const term = one[at] as Term;
      const otherAt = [...free].find((place) => isLike(term, other[place] as Term));
      if (otherAt === undefined) continue;
      left.delete(at);
      free.delete(otherAt);
      aligned.push({ one: term, other: other[otherAt] as Term, at, otherAt });
    }
  }
  return {
    aligned: aligned.sort((a, b) => a.at - b.at),
    extra: one.filter((_, at) => left.has(at)),
    missing: other.filter((_, at) => free.has(at)),
  };
}
