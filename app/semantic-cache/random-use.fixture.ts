import { MemoryAnswerIndex } from '../adapters/memory/memory-answer-index.js';
import { seededRandom } from '../canary/seeded-random.fixture.js';
import { type AnswerScope, scopeKey } from './answer-scope.js';
import { SemanticCache } from './semantic-cache.js';

/** What was seen while a cache was used at random. */
export interface RandomUse {
  readonly hits: number;
  /** Answers that were given to another scope than they were stored for. */
  readonly acrossScopes: number;
  /** Answers to another question, or that rest on a document which was changed meanwhile. */
  readonly wrong: number;
}

const QUESTIONS = ['What is the capital of France?', 'What is the capital of Peru?', 'How long is the Nile?'] as const;
const DOCUMENTS = ['atlas', 'handbook'] as const;

/**
 * Stores, looks up and invalidates at random in scopes that differ in one field each or in several, over an embedding that finds everything alike: only the
 * scope and the guard keep answers apart. An answer says what it was stored for.
 */
export async function useAtRandom(operations: number, seed: number): Promise<RandomUse> {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const cache = new SemanticCache({
    index: new MemoryAnswerIndex(() => 0),
    embed: async () => [1, 0],
    clock: () => 0,
    onError: (error) => {
      throw error;
    },
  });
  const scope = (): AnswerScope => ({
    tenant: pick(['acme', 'globex']),
    userGroup: pick(['staff', 'guests']),
    model: pick(['small', 'large']),
    systemPromptHash: pick(['a', 'b']).repeat(64),
    tools: pick([[], ['search'], ['search', 'mail'], ['search,mail']]),
    language: pick(['en', 'de']),
    images: pick([[], ['a'.repeat(64)]]),
    parameters: pick([{}, { temperature: 0 }]),
    knowledge: pick(['default@1', 'default@2']),
  });
  const versions = new Map<string, number>();
  const versionOf = (tenant: string, document: string) => versions.get(`${tenant} ${document}`) ?? 0;
  const use = { hits: 0, acrossScopes: 0, wrong: 0 };
  for (let operation = 0; operation < operations; operation += 1) {
    const [where, question, document, chance] = [scope(), pick(QUESTIONS), pick(DOCUMENTS), random()];
    if (chance < 0.3) {
      const answer = JSON.stringify([scopeKey(where), question, document, versionOf(where.tenant, document)]);
      await cache.store(where, { question, answer, documents: [document], usedTools: false });
    } else if (chance < 0.305) {
      versions.set(`${where.tenant} ${document}`, versionOf(where.tenant, document) + 1);
      await cache.invalidateDocument(where.tenant, document);
    } else {
      const { hit } = await cache.find(where, question);
      if (hit === null) continue;
      use.hits += 1;
      const [storedFor, answered, from, version] = JSON.parse(hit.answer);
      if (storedFor !== scopeKey(where)) use.acrossScopes += 1;
      if (answered !== question || version !== versionOf(where.tenant, from)) use.wrong += 1;
    }
  }
  return use;
}
