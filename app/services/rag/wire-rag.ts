import type { FastifyInstance } from 'fastify';
import { orchestratorApi } from '../../../contract/index.js';
import type { CacheStore } from '../../cache/cache-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import type { ServerOptions } from '../../runtime/server.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import { buildRag, type RagDeps } from './build-rag.js';

export interface RagParts extends Pick<RagDeps, 'documents' | 'originals' | 'clock'> {
  readonly cacheStore: CacheStore;
  /** Knows the orchestrator, which embeds, and keeps answers. */
  readonly client: ServiceClient;
}

/** Puts rag together from its stores. */
export function wireRag({ cacheStore, client, ...stores }: RagParts, options: ServerOptions): FastifyInstance {
  const embed: RagDeps['embed'] = async (texts, caller, feature) =>
    (await client.call(orchestratorApi.embed, { body: { texts: [...texts], feature } }, caller)).vectors;
  const forgetAnswers: RagDeps['forgetAnswers'] = async (id, caller) => {
    await client.call(orchestratorApi.forgetAnswers, { params: { id } }, caller);
  };
  return buildRag(
    { ...stores, embed, forgetAnswers, cache: makeTieredCache(cacheStore, stores.clock, options) },
    options,
  );
}
