import type { Sentence } from './sentences.js';
import { subjectKeys } from './terms.js';

/** A sentence that may answer, and where it stands. */
export interface Candidate extends Sentence {
  /** Index of its passage, the best one first. */
  readonly passage: number;
  /** Index in its passage. */
  readonly position: number;
}

export interface RankedSentence extends Candidate {
  readonly score: number;
  /** Share of the question's weight that the sentence and its headings hold, 0 to 1. */
  readonly coverage: number;
}

/** What is asked for: weight by key. */
export type Query = ReadonlyMap<string, number>;

/** BM25 (Robertson and Zaragoza 2009): saturation of repeats, and how far a long sentence is discounted. */
const K1 = 1.2;
const B = 0.5;
/** A heading says what its sentences are about, but a sentence says it better. */
const TOPIC_WEIGHT = 0.5;
/** Light priors: retrieval put the best passage first, and documents say what matters first. */
const PASSAGE_PRIOR = 0.03;
const POSITION_PRIOR = 0.01;
const NUMBER_BONUS = 1.2;
const ASKS_FOR_NUMBER =
  /\b(how (many|much|long|often|big|large|far|old)|when|what (time|year|date|port|size)|which (year|port))\b/i;

/** Ranks candidates by how well they answer the question, best first; those that share no word with it are left out. */
export function rankSentences(question: string, query: Query, candidates: readonly Candidate[]): RankedSentence[] {
  const rows = candidates.map((candidate) => ({ candidate, counts: countKeys(candidate) }));
  const length = ({ counts }: (typeof rows)[number]) => counts.size;
  const meanLength = rows.reduce((sum, row) => sum + length(row), 0) / Math.max(1, rows.length);
  const weights = weigh(
    query,
    rows.map(({ counts }) => counts),
  );
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const wantsNumber = ASKS_FOR_NUMBER.test(question);

  return rows
    .map((row): RankedSentence => {
      const { candidate, counts } = row;
      const found = [...weights].filter(([key]) => counts.has(key));
      const bm25 = found.reduce((sum, [key, weight]) => {
        const frequency = counts.get(key) ?? 0;
        return sum + (weight * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + (B * length(row)) / meanLength));
      }, 0);
      const prior = 1 / (1 + PASSAGE_PRIOR * candidate.passage + POSITION_PRIOR * candidate.position);
      const bonus = wantsNumber && /\d/.test(candidate.text) ? NUMBER_BONUS : 1;
      const coverage = found.reduce((sum, [, weight]) => sum + weight, 0) / total;
      return { ...candidate, coverage, score: bm25 * coverage * prior * bonus };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.position - b.position);
}

function countKeys({ text, topic }: Sentence): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  for (const key of subjectKeys(text)) add(key, 1);
  for (const key of subjectKeys(topic)) add(key, TOPIC_WEIGHT);
  return counts;
}

/**
 * The query's own weights times the inverse document frequency, a sentence being the document. A word that none holds weighs as
 * much as one that a single sentence holds: among a few sentences its absence is no proof.
 */
function weigh(query: Query, rows: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  return new Map(
    [...query].map(([key, weight]) => {
      const holding = Math.max(1, rows.filter((counts) => counts.has(key)).length);
      return [key, weight * Math.log(1 + (rows.length - holding + 0.5) / (holding + 0.5))];
    }),
  );
}
