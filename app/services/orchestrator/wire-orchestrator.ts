import type { FastifyInstance } from 'fastify';
import { v7 as newId } from 'uuid';
import { models as defaultModels, type providerSettings, type SettingsOf } from '../../../contract/index.js';
import type { CacheStore } from '../../cache/cache-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import { ModelPool } from '../../llm/model-pool.js';
import { availableModels, makeEmbeddings } from '../../llm/providers.js';
import { Breakers } from '../../resilience/breakers.js';
import { ruleClassifier } from '../../router/rule-classifier.js';
import type { ServerOptions } from '../../runtime/server.js';
import type { AnswerIndex } from '../../semantic-cache/answer-index.js';
import { SemanticCache } from '../../semantic-cache/semantic-cache.js';
import { AnswerCache } from './answer-cache.js';
import { buildOrchestrator, type OrchestratorDeps } from './build-orchestrator.js';
import { embedTexts } from './embed-texts.js';

export interface OrchestratorParts extends Pick<OrchestratorDeps, 'ledger' | 'experiments' | 'clock'> {
  readonly cacheStore: CacheStore;
  readonly answerIndex: AnswerIndex;
  readonly providers: SettingsOf<typeof providerSettings>;
}

/** Puts the orchestrator together from its stores and the providers' keys. @returns with the ids of the models that can be used */
export async function wireOrchestrator(
  parts: OrchestratorParts,
  options: ServerOptions,
): Promise<{ readonly app: FastifyInstance; readonly models: readonly string[] }> {
  const { cacheStore, answerIndex, providers, ...stores } = parts;
  const { metrics, logger } = options;
  const { clock } = stores;
  const credentials = {
    openaiApiKeys: providers.openaiApiKeys ?? [],
    openaiBaseUrl: providers.openaiBaseUrl,
    anthropicApiKeys: providers.anthropicApiKeys ?? [],
  };
  const models = providers.models ?? defaultModels;
  const available = availableModels(models, credentials);
  const { spec } = await makeEmbeddings(credentials);
  const pool = new ModelPool(credentials, clock);
  const breakers = new Breakers();
  const embed = (texts: readonly string[], signal = new AbortController().signal) =>
    embedTexts({ pool, breakers, clock, random: Math.random }, spec.id, texts, signal);
  const semantic = new SemanticCache({
    index: answerIndex,
    embed: async (text) => (await embed([text]))[0] ?? [],
    clock,
    onError: (error) => logger.warn({ err: error }, 'the semantic cache failed'),
  });
  const app = buildOrchestrator(
    {
      ...stores,
      classifier: ruleClassifier,
      models,
      available,
      pool,
      breakers,
      embedding: { spec, embed },
      answers: new AnswerCache({ tiered: makeTieredCache(cacheStore, clock, options), semantic, metrics }),
      random: Math.random,
      newId,
    },
    options,
  );
  return { app, models: [...available] };
}
