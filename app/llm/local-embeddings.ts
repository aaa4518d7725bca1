import { Embeddings } from '@langchain/core/embeddings';
import { embeddingModels } from '../../contract/index.js';
import { terms } from './terms.js';

/** "the" in both of two texts says little of what they share. */
const STOP_WORD_WEIGHT = 0.1;
/** Share of a word's own weight that its character n-grams get together: related words and typing errors still meet. */
const NGRAM_WEIGHT = 0.8;
const NGRAM_CHARACTERS = 3;

/**
 * Embeddings that need no network: words and their character n-grams, hashed with a sign into a vector of unit length (feature
 * hashing: Weinberger et al. 2009). They know words, not meanings: a synonym is as far as any other word.
 */
export class LocalHashingEmbeddings extends Embeddings {
  constructor(private readonly dimensions: number = embeddingModels.local.dimensions) {
    super({});
  }

  async embedQuery(text: string): Promise<number[]> {
    return hashText(text, this.dimensions);
  }

  async embedDocuments(texts: string[]): Promise<number[][]> {
    return texts.map((text) => hashText(text, this.dimensions));
  }
}

/** @throws {RangeError} for an empty text, as OpenAI refuses it: it has no direction */
function hashText(text: string, dimensions: number): number[] {
  if (text === '') throw new RangeError('An empty text cannot be embedded: it holds nothing to be found by.');
  const vector = new Array<number>(dimensions).fill(0);
  for (const [word, weight] of weighWords(text)) {
    add(vector, word, weight);
    const ngrams = ngramsOf(word);
    // Divided by the root, the n-grams of a word have one length together however long the word is.
    for (const ngram of ngrams) add(vector, `#${ngram}`, (weight * NGRAM_WEIGHT) / Math.sqrt(ngrams.length));
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Words by weight; a repeated word counts by its logarithm. A text without words, such as `?!`, is one word. */
function weighWords(text: string): Map<string, number> {
  const counts = new Map<string, { count: number; weight: number }>();
  for (const { key, stop } of terms(text)) {
    const known = counts.get(key) ?? { count: 0, weight: stop ? STOP_WORD_WEIGHT : 1 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  if (counts.size === 0) return new Map([[text, 1]]);
  return new Map([...counts].map(([key, { count, weight }]) => [key, weight * (1 + Math.log(count))]));
}

function ngramsOf(word: string): string[] {
  const characters = [...`^${word}$`];
  const starts = Math.max(1, characters.length - NGRAM_CHARACTERS + 1);
  return Array.from({ length: starts }, (_, i) => characters.slice(i, i + NGRAM_CHARACTERS).join(''));
}

/** Adds a feature at its place; half of the features are subtracted, so that collisions cancel out on average. */
function add(vector: number[], feature: string, weight: number): void {
  const hash = hashOf(feature);
  const index = (hash >>> 1) % vector.length;
  vector[index] = (vector[index] ?? 0) + (hash & 1 ? weight : -weight);
}

/** FNV-1a over UTF-16 units, mixed by MurmurHash3's finaliser: FNV's low bits alone are poor. Unsigned, 32 bits. */
function hashOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i++) hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
