import { predictLogistic } from '../router/logistic.js';
import { plainText } from './question-text.js';
import { rewordingModel } from './rewording-model.js';

/**
 * Whether two questions, between which no difference is known, are one in other words. Those that differ in a single point lie near each other because of the words that
 * they share; those that share few and are near all the same are near in what they mean.
 */
export function isReworded(one: string, other: string, cosine: number): boolean {
  return predictLogistic(rewordingModel, rewordingFeatures(one, other, cosine)) >= rewordingModel.sameFrom;
}

/** How near two questions are, and how much of one wording is in the other. It is the same whichever comes first. */
export function rewordingFeatures(one: string, other: string, cosine: number): readonly number[] {
  const [shorter, longer] = [wordsOf(one), wordsOf(other)].sort((a, b) => a.length - b.length) as [string[], string[]];
  const all = new Set([...shorter, ...longer]);
  const shared = [...all].filter((word) => shorter.includes(word) && longer.includes(word));
  return [
    cosine,
    shared.length / all.size,
    // What lies between the words that both begin and end with: one word of "how do I buy a house", "how do I sell a house".
    1 - sharedEnds(shorter, longer) / longer.length,
    shorter.length,
  ];
}

function wordsOf(question: string): string[] {
  return (
    plainText(question)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+[+#]*/gu) ?? []
  );
}

function sharedEnds(shorter: readonly string[], longer: readonly string[]): number {
  const until = shorter.findIndex((word, i) => word !== longer[i]);
  if (until < 0) return shorter.length;
  const rest = shorter.slice(until).reverse();
  const end = rest.findIndex((word, i) => word !== longer.at(-1 - i));
  return until + (end < 0 ? rest.length : end);
}
