import { beforeEach, describe, expect, it } from '@jest/globals';
import { semanticCachePolicy } from '../../contract/index.js';
import { MemoryAnswerIndex } from '../adapters/memory/memory-answer-index.js';
import { DeadlineExceeded } from '../resilience/deadline.js';
import type { AnswerScope } from './answer-scope.js';
import { useAtRandom } from './random-use.fixture.js';
import { SemanticCache } from './semantic-cache.js';

const START = Date.UTC(2026, 0, 1);
const scope: AnswerScope = {
  tenant: 'acme',
  userGroup: 'staff',
  model: 'gpt-4',
  systemPromptHash: 'a'.repeat(64),
  tools: ['search', 'calculator'],
  language: 'en',
  images: [],
  parameters: {},
  knowledge: 'default@1',
};
const question = 'What is the capital of France?';
const paris = { question, answer: 'Paris.', documents: ['atlas'], usedTools: false };

/** An embedding that finds everything alike: only scope and guard keep answers apart. */
const blind = async () => [1, 0];

describe('a semantic cache', () => {
  let now: number;
  let errors: unknown[];
  const make = (changes: Partial<ConstructorParameters<typeof SemanticCache>[0]> = {}) =>
    new SemanticCache({
      index: new MemoryAnswerIndex(() => now),
      embed: blind,
      clock: () => now,
      onError: (error) => errors.push(error),
      ...changes,
    });
  beforeEach(() => {
    now = START;
    errors = [];
  });

  it('reuses the answer to the same question in other words', async () => {
    const cache = make();
    expect(await cache.store(scope, paris)).toBe(true);
    now += 90_000;
    expect(await cache.find(scope, "what's the capital of france")).toEqual({
      hit: { answer: 'Paris.', question, cosine: 1, ageSeconds: 90 },
    });
  });

  it('does not reuse the answer to a question that is near and not the same, and says why', async () => {
    const cache = make();
    await cache.store(scope, paris);
    expect(await cache.find(scope, 'What is the capital of Germany?')).toEqual({
      hit: null,
      miss: { reason: 'different', question, difference: 'name: germany / france' },
    });
  });

  it('does not ask the guard about what is below the threshold', async () => {
    const cache = make({ embed: async (text) => (text === question ? [1, 0] : [0.5, 0.87]) });
    await cache.store(scope, paris);
    expect(await cache.find(scope, "what's the capital of france")).toEqual({
      hit: null,
      miss: { reason: 'nothing-near' },
    });
  });

  it('lets nearness speak for other words only where it tells meaning', async () => {
    const cost = { ...paris, question: 'How much does a vet visit cost?', answer: '60 euros.' };
    const ask = async (cache: SemanticCache) => {
      await cache.store(scope, cost);
      return (await cache.find(scope, 'What do I pay for a visit to the vet?')).hit?.answer;
    };
    expect(await ask(make())).toBe('60 euros.');
    const policy = { ...semanticCachePolicy, minCosine: 0.25, weighsWording: false };
    expect(await ask(make({ policy }))).toBeUndefined();
  });

  it('looks past a near question that is not the same', async () => {
    const embed = async (text: string) => (text.includes('Germany') ? [1, 0.1] : [1, 0]);
    const cache = make({ embed });
    await cache.store(scope, paris);
    await cache.store(scope, { ...paris, question: 'What is the capital of Germany?', answer: 'Berlin.' });
    expect((await cache.find(scope, 'Please tell me the capital of Germany')).hit?.answer).toBe('Berlin.');
  });

  it.each<Partial<AnswerScope>>([
    { tenant: 'globex' },
    { userGroup: 'guests' },
    { model: 'gpt-3.5-turbo' },
    { systemPromptHash: 'b'.repeat(64) },
    { tools: ['search'] },
    { language: 'de' },
    { images: ['c'.repeat(64)] },
    { parameters: { temperature: 0 } },
    { parameters: { max_tokens: 5 } },
    { parameters: { stop: ['.'] } },
    { parameters: { response_format: { type: 'json_object' } } },
    { knowledge: 'default@2' },
  ])('never reuses an answer across scopes: %j', async (changes) => {
    const cache = make();
    await cache.store(scope, paris);
    expect((await cache.find({ ...scope, ...changes }, question)).hit).toBeNull();
  });

  it('gives no answer across scopes, to another question, or from a changed document, over random use', async () => {
    expect(await useAtRandom(4_000, 1)).toEqual({ hits: expect.any(Number), acrossScopes: 0, wrong: 0 });
    expect((await useAtRandom(8_000, 2)).hits).toBeGreaterThan(300);
  });

  it('finds the answer to a question of the same numbers among many that differ in nothing else', async () => {
    const cache = make();
    for (let share = 1; share <= 50; share += 1) {
      await cache.store(scope, { ...paris, question: `What is ${share}% of 80?`, answer: `${0.8 * share}` });
    }
    expect((await cache.find(scope, 'what is 15 percent of 80')).hit?.answer).toBe('12');
    expect((await cache.find(scope, 'what is 80 percent of 15')).hit).toBeNull();
  });

  it('gives only an answer with the metadata that is asked for', async () => {
    const cache = make();
    await cache.store(scope, { ...paris, metadata: { topic: 'geography' } });
    expect((await cache.find(scope, question, { topic: 'fashion' })).hit).toBeNull();
    expect((await cache.find(scope, question, { topic: 'geography' })).hit?.answer).toBe('Paris.');
  });

  it('takes parameters for the same in any order, and what is absent for absent', async () => {
    const cache = make();
    await cache.store({ ...scope, parameters: { seed: 1, top_p: 0.5 } }, paris);
    const parameters = { top_p: 0.5, temperature: undefined, seed: 1 };
    expect((await cache.find({ ...scope, parameters }, question)).hit).not.toBeNull();
  });

  it('reuses what was said of the same images, for they are what the question points at', async () => {
    const cache = make();
    const ofImage = { ...scope, images: ['c'.repeat(64)] };
    expect(await cache.store(ofImage, { ...paris, question: 'What is this?', answer: 'A tide mill.' })).toBe(true);
    expect((await cache.find(ofImage, "what's this")).hit?.answer).toBe('A tide mill.');
    expect((await cache.find(ofImage, 'Who is this?')).hit).toBeNull();
    expect((await cache.find({ ...scope, images: ['d'.repeat(64)] }, 'What is this?')).hit).toBeNull();
    expect((await cache.find(scope, 'What is this?')).hit).toBeNull();
  });

  it('takes tools in any order for the same tools', async () => {
    const cache = make();
    await cache.store(scope, paris);
    expect((await cache.find({ ...scope, tools: ['calculator', 'search'] }, question)).hit).not.toBeNull();
  });

  it('cannot be asked without a whole scope', () => {
    const cache = make();
    const { tenant: _, ...withoutTenant } = scope;
    // @ts-expect-error a scope names its tenant
    const lookup = () => cache.find(withoutTenant, question);
    expect(lookup).toBeDefined();
  });

  it('keeps news for an hour and knowledge until it is invalidated', async () => {
    const cache = make();
    const news = 'What are the headlines in Norway?';
    await cache.store(scope, paris);
    await cache.store(scope, { ...paris, question: news });
    now += 3_599_000;
    expect((await cache.find(scope, news)).hit).not.toBeNull();
    now += 1000;
    expect((await cache.find(scope, news)).hit).toBeNull();
    now += 365 * 24 * 3_600_000;
    expect((await cache.find(scope, question)).hit).not.toBeNull();
  });

  it('keeps neither what used tools nor what is personal, and does not look for it', async () => {
    const cache = make();
    expect(await cache.store(scope, { ...paris, usedTools: true })).toBe(false);
    expect(await cache.store(scope, { ...paris, question: 'What is my name?' })).toBe(false);
    expect(await cache.find(scope, 'What is my name?')).toEqual({ hit: null, miss: { reason: 'never' } });
    expect(await cache.find(scope, question)).toEqual({ hit: null, miss: { reason: 'nothing-near' } });
  });

  it('forgets what rests on a document that was changed', async () => {
    const cache = make();
    await cache.store(scope, paris);
    expect(await cache.invalidateDocument('globex', 'atlas')).toBe(0);
    expect(await cache.invalidateDocument('acme', 'atlas')).toBe(1);
    expect((await cache.find(scope, question)).hit).toBeNull();
  });

  it('is a miss, and no error, when embedding fails', async () => {
    const cache = make({ embed: async () => Promise.reject(new Error('no embeddings')) });
    expect(await cache.store(scope, paris)).toBe(false);
    expect(await cache.find(scope, question)).toEqual({ hit: null, miss: { reason: 'failed' } });
    expect(errors).toEqual([new Error('no embeddings'), new Error('no embeddings')]);
  });

  it('is a miss when embedding hangs', async () => {
    const policy = {
      minCosine: 0.85,
      weighsWording: false,
      candidates: 5,
      timeoutMs: 5,
      ttlSeconds: { news: 3600, knowledge: null },
    } as const;
    const cache = make({ embed: () => new Promise(() => undefined), policy });
    expect(await cache.find(scope, question)).toEqual({ hit: null, miss: { reason: 'failed' } });
    expect(errors).toEqual([expect.any(DeadlineExceeded)]);
  });
});
