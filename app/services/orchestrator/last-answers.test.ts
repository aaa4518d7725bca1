import { beforeEach, describe, expect, it } from '@jest/globals';
import { cachePolicy, type Invocation, orchestrator, orchestratorApi } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { ada, testOptions } from '../../runtime/service.fixture.js';
import type { ModelAnswer } from './call-model.js';
import { LastAnswers } from './last-answers.js';

const request: Invocation = orchestratorApi.invoke.body.parse({
  messages: [{ role: 'user', content: 'What is a tide?' }],
  cache: { question: 'What is a tide?', knowledge: 'default@1/5', documents: [] },
});
const caller: Caller = { identity: ada, requestId: 'r', traceparent: '', signal: new AbortController().signal };

const answer: ModelAnswer = {
  content: 'The moon pulls the sea.',
  tool_calls: [],
  finish_reason: 'stop',
  model: 'm',
  usage: { input_tokens: 1, output_tokens: 1 },
  cost_usd: 0.1,
};

describe('answers for when no model can be reached', () => {
  let answers: LastAnswers;
  let time: ManualTime;
  let told: unknown[];
  beforeEach(() => {
    time = new ManualTime();
    told = [];
    const { clock } = time;
    const onError = (error: unknown) => told.push(error);
    const store = new MemoryCacheStore(clock);
    const tiered = new TieredCache({ store, clock, random: () => 0, onStoreError: onError, onRefreshError: onError });
    answers = new LastAnswers({ ...testOptions(orchestrator), tiered });
  });
  const find = () => answers.find(request, 'm', caller);

  it('are none for each of those who look for one at the same time', async () => {
    expect(await Promise.all([find(), find(), find()])).toEqual([undefined, undefined, undefined]);
  });

  it('are kept though another looks for one at the same time', async () => {
    const looked = find();
    answers.keep(request, 'm', caller, answer);
    expect(await looked).toBeUndefined();
    while ((await find()) === undefined) await new Promise(setImmediate);
    expect(await find()).toMatchObject({ content: 'The moon pulls the sea.', cost_usd: 0 });
  });

  it('are given a little past their time, of which nobody is warned: there is nothing to compute them from', async () => {
    answers.keep(request, 'm', caller, answer);
    while ((await find()) === undefined) await new Promise(setImmediate);
    time.advance((cachePolicy.lastAnswerTtlSeconds + 1) * 1000);
    expect(await find()).toMatchObject({ content: 'The moon pulls the sea.' });
    await new Promise(setImmediate);
    expect(told).toEqual([]);
    time.advance(cachePolicy.staleSeconds * 1000);
    expect(await find()).toBeUndefined();
  });

  it('are renewed by each answer to the question: the first was kept for a day, whatever came after it', async () => {
    answers.keep(request, 'm', caller, answer);
    while ((await find()) === undefined) await new Promise(setImmediate);
    time.advance((cachePolicy.lastAnswerTtlSeconds / 2) * 1000);
    answers.keep(request, 'm', caller, { ...answer, content: 'The sun pulls it too.' });
    while ((await find())?.content !== 'The sun pulls it too.') await new Promise(setImmediate);
    time.advance((cachePolicy.lastAnswerTtlSeconds - 1) * 1000);
    expect(await find()).toMatchObject({ content: 'The sun pulls it too.' });
  });
});
