import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { embeddingModels, semanticCachePolicy } from '../../contract/index.js';
import { LocalHashingEmbeddings } from './local-embeddings.js';
import { QUESTIONS_AND_PASSAGES } from './retrieval.fixture.js';

const embeddings = new LocalHashingEmbeddings();

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}

async function cosine(a: string, b: string): Promise<number> {
  return dot(await embeddings.embedQuery(a), await embeddings.embedQuery(b));
}

describe('LocalHashingEmbeddings', () => {
  it('gives vectors of unit length in the dimensions of the contract, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), async (text) => {
        const vector = await embeddings.embedQuery(text);
        expect(vector).toHaveLength(embeddingModels.local.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same vector to a text alone and among others', async () => {
    const [, second] = await embeddings.embedDocuments(['one', 'two words']);
    expect(second).toEqual(await new LocalHashingEmbeddings().embedQuery('two words'));
  });

  it('refuses an empty text, as OpenAI does', async () => {
    await expect(embeddings.embedQuery('')).rejects.toThrow('An empty text cannot be embedded');
  });

  it.each([
    ["what's the capital of france", 'What is the capital of France?'],
    ['How do I reset my password?', 'how can I reset my password'],
    ['Which queues does the worker consume?', 'what queues does a worker consume'],
  ])('puts the paraphrases "%s" and "%s" above the threshold of the semantic cache', async (one, other) => {
    expect(await cosine(one, other)).toBeGreaterThanOrEqual(semanticCachePolicy.minCosine.local);
  });

  it.each([
    ['What is the capital of France?', 'What is the capital of Germany?'],
    ['How do I delete my account?', 'How do I create my account?'],
    ['What is Redis?', 'What is Qdrant?'],
  ])('does not take "%s" and "%s" for nearly the same text', async (one, other) => {
    expect(await cosine(one, other)).toBeLessThan(0.8);
  });

  it('brings a typing error and a derived word nearer than an unrelated one', async () => {
    expect(await cosine('kubernetes', 'kuberntes')).toBeGreaterThan(0.2);
    expect(await cosine('authentication', 'authenticate')).toBeGreaterThan(0.2);
    expect(Math.abs(await cosine('kubernetes', 'password'))).toBeLessThan(0.1);
  });

  describe('as a retriever', () => {
    const ranks: number[] = [];
    beforeAll(async () => {
      const passages = await embeddings.embedDocuments(QUESTIONS_AND_PASSAGES.map(([, passage]) => passage));
      for (const [i, [question]] of QUESTIONS_AND_PASSAGES.entries()) {
        const query = await embeddings.embedQuery(question);
        const scores = passages.map((passage) => dot(query, passage));
        ranks.push(scores.filter((score) => score > (scores[i] ?? 0)).length + 1);
      }
    });

    it('finds the answering passage among the first three for all of 32 questions, and first for 31', () => {
      expect(ranks.filter((rank) => rank <= 3)).toHaveLength(32);
      expect(ranks.filter((rank) => rank === 1).length).toBeGreaterThanOrEqual(31);
    });
  });
});
