import { readFileSync } from 'node:fs';
import { type LabelledPair, readLabelledPairs } from '../app/semantic-cache/labelled-pairs.js';

/** Pairs by what they are good for: rules were made on those for tuning; on those held out too, after their first look; on the unseen none. */
export const PAIR_FILES = {
  pairs: 'tuning',
  'asked-pairs': 'tuning',
  'reworded-pairs': 'tuning',
  'held-out-pairs': 'held out',
  'other-domains-pairs': 'held out',
  'everyday-pairs': 'held out',
  'plain-pairs': 'held out',
  'unseen-pairs': 'unseen',
  'against-synonyms-pairs': 'against us',
  'contrary-pairs': 'against us',
  'company-pairs': 'against us',
} as const;
export type PairFile = keyof typeof PAIR_FILES;

export interface FilePair extends LabelledPair {
  readonly file: PairFile;
}

export function pairsOf(file: PairFile): readonly FilePair[] {
  const text = readFileSync(new URL(`../app/semantic-cache/${file}.fixture.jsonl`, import.meta.url), 'utf8');
  return readLabelledPairs(text).map((pair) => ({ ...pair, file }));
}

export const allPairs: readonly FilePair[] = (Object.keys(PAIR_FILES) as PairFile[]).flatMap(pairsOf);
