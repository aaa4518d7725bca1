import { describe, expect, it } from '@jest/globals';
import { type Invocation, orchestrator, orchestratorApi } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { ada, testOptions } from '../../runtime/service.fixture.js';
import { LastAnswers } from './last-answers.js';

describe('answers for when no model can be reached', () => {
  it('are none for each of those who look for one at the same time', async () => {
    const { clock } = new ManualTime();
    const options = testOptions(orchestrator);
    const answers = new LastAnswers({
      ...options,
      tiered: makeTieredCache(new MemoryCacheStore(clock), clock, options),
    });
    const request: Invocation = orchestratorApi.invoke.body.parse({
      messages: [{ role: 'user', content: 'What is a tide?' }],
      cache: { question: 'What is a tide?', knowledge: 'default@1/5', documents: [] },
    });
    const caller: Caller = { identity: ada, requestId: 'r', traceparent: '', signal: new AbortController().signal };
    const find = () => answers.find(request, 'm', caller);
    expect(await Promise.all([find(), find(), find()])).toEqual([undefined, undefined, undefined]);
  });
});
