import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ServiceName, services } from '../../contract/index.js';
import { type EmbeddedPlatform, startPlatform } from '../embedded/start-platform.js';
import { testOptions } from '../runtime/service.fixture.js';
import { ServiceClient } from '../runtime/service-client.js';
import { answerChat } from './answer-chat.js';

let platform: EmbeddedPlatform;
beforeAll(async () => {
  platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock: Date.now });
});
afterAll(() => platform.close());

/** The metadata of an answer while some services are not there. */
async function metadataWithout(...away: ServiceName[]) {
  const urls = Object.fromEntries(Object.entries(platform.urls).filter(([name]) => !away.some((one) => one === name)));
  const caller = {
    identity: { user: 'ada', tenant: 'acme', tier: 'enterprise' },
    requestId: 'test',
    traceparent: '',
    signal: new AbortController().signal,
  } as const;
  const payload = { session: 's1', message: 'Where are spare seals kept?' };
  const { logger } = testOptions(services.worker);
  return (await answerChat({ id: 'a1', payload }, caller, new ServiceClient(urls), logger)).metadata;
}

it('says of an answer that it was given without retrieval, and that the conversation is kept', async () => {
  expect(await metadataWithout('rag')).toMatchObject({ retrieval: 'unavailable', memory: 'kept' });
});

// A turn once went missing with a primary that changed hands, and its answer said nothing of it.
it('says of an answer that it is not remembered', async () => {
  expect(await metadataWithout('memory')).toMatchObject({ memory: 'unavailable' });
});
