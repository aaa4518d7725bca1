import type { FastifyInstance } from 'fastify';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Clock } from '../../runtime/clock.js';
import type { Entrance } from './entrance.js';
import { addChatCompletions } from './openai-chat-completions.js';
import { addEmbeddings } from './openai-embeddings.js';
import { addModels } from './openai-models.js';

interface OpenAiDeps {
  readonly cache: TieredCache;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** The OpenAI API: any of its clients is a client of the platform. `armature` beside an answer tells how it came about. */
export function addOpenAiRoutes(app: FastifyInstance, entrance: Entrance, deps: OpenAiDeps): void {
  addChatCompletions(app, entrance, deps);
  addEmbeddings(app, entrance);
  addModels(app, entrance, deps.cache);
}
