import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { cachePolicy, orchestratorApi, VIRTUAL_MODELS } from '../../../contract/index.js';
import { cacheKey } from '../../cache/cache-key.js';
import { getForCaller } from '../../cache/get-for-caller.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import { answersOf } from './answers.js';
import { callerOf, type Entrance, identified } from './entrance.js';
import { model, modelList } from './openai-answers.js';

type ModelList = z.input<typeof modelList>;
const modelParams = z.object({ model: z.string() });

/** The models, which clients ask for again and again: they change with a release of the orchestrator, so that the list is kept for a while. */
export function addModels(app: FastifyInstance, entrance: Entrance, cache: TieredCache): void {
  const ask = async (caller: Caller): Promise<string> => {
    const { models, embedding } = await entrance.client.call(orchestratorApi.models, {}, caller);
    const usable = [...models.filter(({ available }) => available), embedding];
    const routed = Object.values(VIRTUAL_MODELS).map((id) => ({ id, provider: 'armature' }));
    const data = [...routed, ...usable].map(
      ({ id, provider }) => ({ id, object: 'model', created: 0, owned_by: provider }) as const,
    );
    return JSON.stringify({ object: 'list', data } satisfies ModelList);
  };
  /** As it is sent: it would else be written anew for each who asks. */
  const list = async (request: FastifyRequest): Promise<string> => {
    const caller = await callerOf(entrance, request);
    // Not 'models': under that name releases before this one keep the list in another form.
    const key = cacheKey('model-list', { tenant: caller.identity.tenant }, null);
    const { value } = await getForCaller(cache, key, caller, () => ask(caller), {
      ttlSeconds: cachePolicy.modelListTtlSeconds,
    });
    return value;
  };

  app.get('/v1/models', {
    ...identified(entrance),
    schema: {
      tags: ['openai'],
      summary: 'Models that can be used here, the routed ones, and the one for embeddings.',
      response: answersOf({ 200: modelList }),
    },
    handler: async (request, reply) => reply.type('application/json; charset=utf-8').send(await list(request)),
  });

  app.get<{ Params: { model: string } }>('/v1/models/:model', {
    ...identified(entrance),
    schema: {
      tags: ['openai'],
      summary: 'One of them.',
      params: modelParams,
      response: answersOf({ 200: model }, { notFound: true }),
    },
    handler: async (request) => {
      const { data }: ModelList = JSON.parse(await list(request));
      const found = data.find(({ id }) => id === request.params.model);
      if (found === undefined) throw errors.notFound('model', request.params.model);
      return found;
    },
  });
}
