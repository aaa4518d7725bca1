import { beforeEach, describe, expect, it } from '@jest/globals';
import { answerCacheKey, type Invocation, invocation, orchestrator } from '../../../contract/index.js';
import { until } from '../../../test/support/until.js';
import { MemoryAnswerIndex } from '../../adapters/memory/memory-answer-index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';
import { ada, bob, eve, testOptions } from '../../runtime/service.fixture.js';
import { SemanticCache } from '../../semantic-cache/semantic-cache.js';
import { AnswerCache } from './answer-cache.js';
import type { ModelAnswer } from './call-model.js';
import { LastAnswers } from './last-answers.js';

const callerOf = (identity: Identity, signal = new AbortController().signal): Caller => ({
  identity,
  requestId: 'r1',
  traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
  signal,
});
const question = 'Which seal is better?';
const cache = answerCacheKey.parse({ question, knowledge: 'docs@1' });
const request: Invocation = invocation.parse({ messages: [{ role: 'user', content: question }], cache });
const answer: ModelAnswer = {
  content: 'The second.',
  tool_calls: [],
  finish_reason: 'stop',
  model: 'm',
  usage: { input_tokens: 1, output_tokens: 1 },
  cost_usd: 0.1,
};

describe('answers that were given before', () => {
  let answers: AnswerCache;
  let last: LastAnswers;
  beforeEach(() => {
    const options = testOptions(orchestrator);
    const tiered = makeTieredCache(new MemoryCacheStore(Date.now), Date.now, options);
    const index = new MemoryAnswerIndex(Date.now);
    const semantic = new SemanticCache({ index, embed: async () => [1, 0], clock: Date.now, onError: () => undefined });
    answers = new AnswerCache({ tiered, semanticOf: () => semantic, metrics: options.metrics });
    last = new LastAnswers({ tiered, logger: options.logger });
  });

  /** Two ask the same at once; what ends the first one's request is its own. */
  async function both(first: Caller, failure: (begun: () => void) => Promise<never>) {
    let begun = () => {};
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const theirs = answers.getOrAsk(request, 'm', first, () => failure(begun));
    const ours = answers.getOrAsk(request, 'm', callerOf(bob), async () => answer);
    return { ends: Promise.allSettled([theirs, ours]), underWay };
  }

  it('are not those that another model gave in this one’s place', async () => {
    const ask = (content: string, model: string) =>
      answers.getOrAsk(request, 'm', callerOf(ada), async () => ({ ...answer, content, model }));
    await ask('What a fallback makes of it.', 'fallback');
    expect(await ask('The second.', 'm')).toMatchObject({
      answer: { content: 'The second.' },
      cache: { level: 'source' },
    });
    expect(await ask('Asked once more.', 'm')).toMatchObject({
      answer: { content: 'The second.' },
      cache: { level: 'l1' },
    });
  });

  it('refuses who has spent a budget, and nobody who asks the same meanwhile', async () => {
    const spent = errors.budgetSpent('user ada', '2026-01', 5, 5);
    const { ends } = await both(callerOf(ada), () => Promise.reject(spent));
    expect(await ends).toMatchObject([
      { status: 'rejected', reason: spent },
      { status: 'fulfilled', value: { answer: { content: answer.content } } },
    ]);
  });

  it('answers who stays when the one who asked first has gone', async () => {
    const gone = new AbortController();
    const { ends, underWay } = await both(callerOf(ada, gone.signal), (begun) => {
      begun();
      return new Promise((_, reject) => gone.signal.addEventListener('abort', () => reject(gone.signal.reason)));
    });
    await underWay;
    gone.abort(new Error('The client has gone.'));
    expect(await ends).toMatchObject([
      { status: 'rejected', reason: gone.signal.reason },
      { status: 'fulfilled', value: { answer: { content: answer.content } } },
    ]);
  });

  it('asks once for all when the failure is the models’, and gives it to all', async () => {
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.reject(errors.unavailable('A model', 5));
    };
    const ends = await Promise.allSettled([ada, bob].map((one) => answers.getOrAsk(request, 'm', callerOf(one), ask)));
    expect([ends.map(({ status }) => status), asked]).toEqual([['rejected', 'rejected'], 1]);
  });

  it('has nothing from earlier for any of those who ask at once', async () => {
    const looks = [ada, bob].map((one) => last.find(request, 'm', callerOf(one)));
    expect(await Promise.all(looks)).toEqual([undefined, undefined]);
  });

  it('keeps no answer for later that was cut', async () => {
    last.keep(request, 'm', callerOf(ada), { ...answer, content: 'The', finish_reason: 'length' });
    last.keep(request, 'm', callerOf(ada), answer);
    const find = () => last.find(request, 'm', callerOf(bob));
    await until('the answer is kept', async () => (await find()) !== undefined);
    expect(await find()).toMatchObject({ content: answer.content, cost_usd: 0 });
  });

  it.each([{ temperature: 0 }, { max_tokens: 5 }, { response_format: { type: 'json_object' as const } }])(
    'gives nothing to a request for another kind of answer: %j',
    async (parameters) => {
      await answers.getOrAsk(request, 'm', callerOf(ada), async () => answer);
      const other = { ...answer, content: 'Another.' };
      last.keep(request, 'm', callerOf(ada), answer);
      const changed = { ...request, ...parameters };
      expect(await answers.getOrAsk(changed, 'm', callerOf(ada), async () => other)).toEqual({
        answer: other,
        cache: { level: 'source' },
      });
      const mayBeStale = 'temperature' in parameters;
      expect((await last.find(changed, 'm', callerOf(ada))) !== undefined).toBe(mayBeStale);
    },
  );

  it('keeps the answer of a fallback as one of that model', async () => {
    await answers.getOrAsk(request, 'm', callerOf(ada), async () => ({ ...answer, model: 'fallback' }));
    const inOtherWords = { ...request, cache: { ...cache, question: 'which seal is better' } };
    const asked = await answers.getOrAsk(inOtherWords, 'm', callerOf(ada), async () => answer);
    expect(asked).toEqual({ answer, cache: { level: 'source' } });
  });

  it('forgets answers that rest on a document, also those for when no model answers', async () => {
    const from = (documents: string[]): Invocation => ({ ...request, cache: { ...cache, documents } });
    await answers.getOrAsk(from(['d1', 'd2']), 'm', callerOf(ada), async () => answer);
    last.keep(from(['d1', 'd2']), 'm', callerOf(ada), answer);
    await answers.forgetDocument(callerOf(eve), 'd1');
    await answers.forgetDocument(callerOf(ada), 'd3');
    const again = () => answers.getOrAsk(from([]), 'm', callerOf(ada), async () => ({ ...answer, content: 'New.' }));
    expect((await again()).cache).toEqual({ level: 'l1' });
    await answers.forgetDocument(callerOf(ada), 'd1');
    expect(await last.find(from([]), 'm', callerOf(ada))).toBeUndefined();
    expect(await again()).toMatchObject({ answer: { content: 'New.' }, cache: { level: 'source' } });
  });
});
