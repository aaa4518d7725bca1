import type { FastifyInstance } from 'fastify';
import { v7 as newId } from 'uuid';
import {
  models as defaultModels,
  providerSettings,
  routerPolicy,
  type SettingsOf,
  semanticCachePolicy,
} from '../../../contract/index.js';
import type { CacheStore } from '../../cache/cache-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import { BudgetKeeper } from '../../ledger/budget-keeper.js';
import type { Ledger } from '../../ledger/ledger.js';
import { LedgerOutbox } from '../../ledger/ledger-outbox.js';
import type { Metering } from '../../ledger/metered-call.js';
import { TypicalOutput } from '../../ledger/typical-output.js';
import { embed } from '../../llm/embed.js';
import { ModelPool } from '../../llm/model-pool.js';
import { availableModels, embeddingSpec } from '../../llm/providers.js';
import { Breakers } from '../../resilience/breakers.js';
import { Hedging } from '../../resilience/hedging.js';
import { builtInModel } from '../../router/built-in-model.js';
import type { Classifier } from '../../router/classifier.js';
import { difficultyModel } from '../../router/difficulty-model.js';
import { GuardedClassifier } from '../../router/guarded-classifier.js';
import { ModelConditions } from '../../router/model-conditions.js';
import { trainedClassifier } from '../../router/trained-classifier.js';
import type { Caller } from '../../runtime/caller.js';
import { abortSignalOf } from '../../runtime/client-signal.js';
import type { ServerOptions } from '../../runtime/server.js';
import type { AnswerIndex } from '../../semantic-cache/answer-index.js';
import { SemanticCache } from '../../semantic-cache/semantic-cache.js';
import { AnswerCache } from './answer-cache.js';
import { buildOrchestrator, type OrchestratorDeps } from './build-orchestrator.js';
import { LastAnswers } from './last-answers.js';

export interface OrchestratorParts extends Pick<OrchestratorDeps, 'experiments' | 'clock' | 'timers'> {
  readonly ledger: Ledger;
  /** @default a fitted model: that of the settings, else the built-in one */
  readonly classifier?: Classifier;
  readonly cacheStore: CacheStore;
  readonly answerIndex: AnswerIndex;
  readonly providers: SettingsOf<typeof providerSettings>;
}

/** Puts the orchestrator together from its stores and the providers' keys. @returns with the ids of the models that can be used */
export async function wireOrchestrator(
  parts: OrchestratorParts,
  options: ServerOptions,
): Promise<{ readonly app: FastifyInstance; readonly models: readonly string[] }> {
  const { cacheStore, answerIndex, providers, classifier = classifierOf(providers.routerModel), ...stores } = parts;
  const { metrics, logger } = options;
  const { clock, timers } = stores;
  const credentials = {
    openaiApiKeys: providers.openaiApiKeys ?? [],
    openaiBaseUrl: providers.openaiBaseUrl,
    anthropicApiKeys: providers.anthropicApiKeys ?? [],
  };
  const models = providers.models ?? defaultModels;
  const available = availableModels(models, credentials);
  const outbox = new LedgerOutbox({ ledger: stores.ledger, metrics, logger });
  const budgets = new BudgetKeeper({ ...stores, budgets: providers.budgets, outbox, metrics, logger });
  const metering: Metering = { outbox, budgets, typicalOutput: new TypicalOutput(), metrics, logger, clock, newId };
  const pool = new ModelPool(credentials, clock);
  const breakers = new Breakers();
  const conditions = new ModelConditions(clock);
  const hedging = hedgingOf(providers.hedgeAfter, conditions);
  const random = Math.random;
  const embedding = { spec: embeddingSpec(credentials), credentials, pool, breakers, metering, random, timers };
  const closing = new AbortController();
  const { provider } = embedding.spec;
  const policy = {
    ...semanticCachePolicy,
    minCosine: semanticCachePolicy.minCosine[provider],
    weighsWording: semanticCachePolicy.weighsWording[provider],
  };
  const semanticOf = ({ identity: owner, signal: wanted }: Caller) =>
    new SemanticCache({
      index: answerIndex,
      embed: async (text) => {
        const signal = AbortSignal.any([
          abortSignalOf(wanted),
          closing.signal,
          AbortSignal.timeout(semanticCachePolicy.timeoutMs),
        ]);
        const { vectors } = await embed(embedding, [text], { owner, feature: 'cache', signal });
        return vectors[0] ?? [];
      },
      clock,
      policy,
      onError: (error) => logger.warn({ err: error }, 'the semantic cache failed'),
    });
  const tiered = makeTieredCache(cacheStore, clock, options);
  const app = buildOrchestrator(
    {
      ...stores,
      classifier: new GuardedClassifier(classifier, {
        timeoutMs: routerPolicy.classifierTimeoutMs,
        onError: (error) => logger.warn({ err: error }, 'the classifier failed'),
      }),
      models,
      available,
      pool,
      breakers,
      conditions,
      ...(hedging && { hedging }),
      stateOf: (model) => ({
        ...conditions.of(model.id),
        unreachable: pool.waysTo(model).every((way) => breakers.isOpen(way)),
      }),
      metering,
      budgets,
      embedding,
      answers: new AnswerCache({ tiered, semanticOf, metrics }),
      lastAnswers: new LastAnswers({ tiered, logger }),
      random,
    },
    options,
  );
  app.addHook('onClose', () => {
    closing.abort();
    return outbox.close();
  });
  return { app, models: [...available] };
}

function hedgingOf(after: 'p95' | number | undefined, conditions: ModelConditions): Hedging | undefined {
  if (after === undefined) return undefined;
  return new Hedging((model) => (after === 'p95' ? conditions.of(model).latencyMs?.p95 : after));
}

/** By the fitted model that the settings give, else by the built-in one. @throws saying what is wrong with it */
function classifierOf(routerModel: unknown): Classifier {
  if (routerModel === undefined) return trainedClassifier(builtInModel);
  const parsed = difficultyModel.safeParse(routerModel);
  if (parsed.success) return trainedClassifier(parsed.data);
  const [issue] = parsed.error.issues;
  throw new Error(
    `${providerSettings.routerModel.env}: ${issue?.path.join('.')} ${issue?.message}. Write it by "armature route calibrate FILE --out OUT".`,
  );
}
