import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { cachePolicy, gateway, orchestrator, orchestratorApi } from '../../../contract/index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { cacheKey } from '../../cache/cache-key.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import { buildServer } from '../../runtime/server.js';
import { ada, bob, eve, testOptions } from '../../runtime/service.fixture.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { askGateway, gatewayUnderTest } from './gateway.fixture.js';

const model = { provider: 'openai', role: 'strong', context_window: 8_000 } as const;
let now = Date.UTC(2026, 0, 1);
const clock = () => now;
let asked: string[] = [];
let behind: FastifyInstance;
let app: FastifyInstance;
let cache: TieredCache;

beforeAll(async () => {
  behind = buildServer(testOptions(orchestrator));
  serveOperation(behind, orchestratorApi.models, async ({ caller }) => {
    asked.push(caller.identity.tenant);
    return {
      models: [
        { ...model, id: `model ${asked.length}`, available: true },
        { ...model, id: 'without a key', available: false },
      ],
      embedding: { id: 'near', provider: 'local', dimensions: 3 },
    };
  });
  cache = makeTieredCache(new MemoryCacheStore(clock), clock, testOptions(gateway));
  app = await gatewayUnderTest({
    client: new ServiceClient({ orchestrator: await behind.listen({ host: '127.0.0.1', port: 0 }) }),
    cache,
    clock,
  });
});
afterAll(async () => {
  await app.close();
  await behind.close();
});

const modelsFor = (as: typeof ada, path = '/v1/models') => askGateway(app, path, { as });

it('lists what can be used, and asks for it once a while for each tenant', async () => {
  const ids = async (user: typeof ada) =>
    (await modelsFor(user)).json<{ data: { id: string }[] }>().data.map(({ id }) => id);
  expect(await ids(ada)).toEqual(['auto', 'auto-rag', 'model 1', 'near']);
  expect(await ids(bob)).toEqual(await ids(ada));
  expect(await ids(eve)).toContain('model 2');
  expect(asked).toEqual([ada.tenant, eve.tenant]);
  now += 1000 * (cachePolicy.modelListTtlSeconds + cachePolicy.staleSeconds);
  expect(await ids(ada)).toContain('model 3');
});

it('gives one of them out of the list, and none to who has no token', async () => {
  await modelsFor(ada);
  asked = [];
  expect((await modelsFor(ada, '/v1/models/near')).json()).toMatchObject({ id: 'near', owned_by: 'local' });
  expect((await modelsFor(ada, '/v1/models/without%20a%20key')).statusCode).toBe(404);
  expect((await app.inject({ url: '/v1/models' })).statusCode).toBe(401);
  expect(asked).toEqual([]);
});

it('does not take the list of a replica of the release before, which keeps it in another form, for its own', async () => {
  const cid = { user: 'cid', tenant: 'hooli', tier: 'free' } as const;
  await cache.put(cacheKey('models', { tenant: cid.tenant }, null), [{ id: 'near', object: 'model' }], {
    ttlSeconds: 60,
  });
  expect((await modelsFor(cid)).json()).toMatchObject({ object: 'list' });
  expect((await modelsFor(cid, '/v1/models/near')).statusCode).toBe(200);
});
