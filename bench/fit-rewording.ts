import { fitLogistic, type LogisticModel } from '../app/router/logistic.js';
import { compareQuestions } from '../app/semantic-cache/guard.js';
import { rewordingFeatures } from '../app/semantic-cache/rewording.js';
import { semanticCachePolicy } from '../contract/index.js';
import type { FilePair, PairFile } from './pair-files.js';

/** A pair as the cache sees it before it weighs the wording. */
export interface SeenPair extends FilePair {
  /** Somebody said whether they are the same; otherwise they only lie beside each other, and are taken to differ. */
  readonly isLabelled: boolean;
  readonly verdict: 'same' | 'different' | 'unproven';
  readonly features: readonly number[];
}

export interface ScoredPair extends SeenPair {
  readonly score: number;
}

type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

/** Questions beside each that are looked at. */
const NEIGHBOURS = 4;
/** Beside what is asked lies more than the pairs have of it. */
const WEIGHT_OF_NEIGHBOURS = 6;
/** Of the weights, in samples or so. */
const PENALTY = 3;

/** The labelled pairs, and the questions of other pairs that lie nearest to each: what a cache meets most of all. */
export async function seenPairs(pairs: readonly FilePair[], embed: Embed): Promise<readonly SeenPair[]> {
  const fileOf = new Map(pairs.flatMap(({ one, other, file }) => [[one, file] as const, [other, file] as const]));
  const vectors = await embed([...fileOf.keys()]);
  const vectorOf = new Map([...fileOf.keys()].map((text, i) => [text, vectors[i] ?? []]));
  const see = (pair: FilePair, isLabelled: boolean): SeenPair => {
    const { one, other } = pair;
    // Machines reckon the last digits differently.
    const cosine = Number(dot(vectorOf.get(one) ?? [], vectorOf.get(other) ?? []).toFixed(3));
    const sameness = compareQuestions(one, other);
    const verdict = sameness.same ? 'same' : sameness.because;
    return { ...pair, isLabelled, verdict, features: rewordingFeatures(one, other, cosine) };
  };
  const beside = neighbours(pairs, fileOf, vectorOf);
  return [...pairs.map((pair) => see(pair, true)), ...beside.map((pair) => see(pair, false))];
}

/** Fits to the pairs of which nothing is known but their wording. */
export function fitRewording(seen: readonly SeenPair[]): LogisticModel {
  const samples = seen
    .filter(({ verdict }) => verdict === 'unproven')
    .flatMap(({ features, same, isLabelled }) =>
      Array.from({ length: isLabelled ? 1 : WEIGHT_OF_NEIGHBOURS }, () => ({ features, target: Number(same) })),
    );
  return fitLogistic(samples, PENALTY);
}

function neighbours(
  pairs: readonly FilePair[],
  fileOf: ReadonlyMap<string, PairFile>,
  vectorOf: ReadonlyMap<string, readonly number[]>,
): readonly FilePair[] {
  const labelled = new Set(pairs.map(({ one, other }) => keyOf(one, other)));
  const found = new Map<string, FilePair>();
  for (const [one, file] of fileOf) {
    const near = [...vectorOf]
      .filter(([other]) => other !== one && fileOf.get(other) === file && !labelled.has(keyOf(one, other)))
      .map(([other, vector]) => ({ other, cosine: dot(vectorOf.get(one) ?? [], vector) }))
      .filter(({ cosine }) => cosine >= semanticCachePolicy.minCosine.openai)
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, NEIGHBOURS);
    for (const { other } of near) found.set(keyOf(one, other), { same: false, one, other, file });
  }
  return [...found.values()];
}

function keyOf(one: string, other: string): string {
  return [one, other].sort().join('\n');
}

/** The cosine: vectors of this model have length 1. */
function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}
