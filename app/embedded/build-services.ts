import type { FastifyInstance } from 'fastify';
import { v7 as newId } from 'uuid';
import {
  cacheRequests,
  models as defaultModels,
  orchestratorApi,
  type providerSettings,
  type ServiceName,
  type ServiceSpec,
  type SettingsOf,
  services,
  workerSettings,
} from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { TieredCache } from '../cache/tiered-cache.js';
import { buildCanary } from '../canary/build-canary.js';
import { dryRouter } from '../canary/traffic-router.js';
import { ModelPool } from '../llm/model-pool.js';
import { availableModels, makeEmbeddings } from '../llm/providers.js';
import { Breakers } from '../resilience/breakers.js';
import { ruleClassifier } from '../router/rule-classifier.js';
import type { Clock } from '../runtime/clock.js';
import type { ServerOptions } from '../runtime/server.js';
import type { ServiceClient } from '../runtime/service-client.js';
import { systemTimers } from '../runtime/timers.js';
import { SemanticCache } from '../semantic-cache/semantic-cache.js';
import { buildAgent } from '../services/agent/build-agent.js';
import { buildChat } from '../services/chat/build-chat.js';
import { buildGateway } from '../services/gateway/build-gateway.js';
import { buildMemory } from '../services/memory/build-memory.js';
import { AnswerCache } from '../services/orchestrator/answer-cache.js';
import { buildOrchestrator } from '../services/orchestrator/build-orchestrator.js';
import { buildRag } from '../services/rag/build-rag.js';
import { buildWorker } from '../worker/build-worker.js';
import { localIssuer } from './local-tokens.js';
import type { EmbeddedStores } from './open-stores.js';

interface Parts {
  readonly stores: EmbeddedStores;
  readonly client: ServiceClient;
  readonly providers: SettingsOf<typeof providerSettings>;
  readonly secret: string;
  readonly clock: Clock;
}

/** As the setting's own default. */
const WORKER_SLOTS = Number(workerSettings.slots.default);

/**
 * Wires every process to the embedded adapters. They are listed in the order in which they close: who calls before who is called.
 * @param serverOptions logger and metrics of each process
 */
export async function buildServices(
  { stores, client, providers, secret, clock }: Parts,
  serverOptions: (spec: ServiceSpec) => ServerOptions,
) {
  const credentials = {
    openaiApiKeys: providers.openaiApiKeys ?? [],
    openaiBaseUrl: providers.openaiBaseUrl,
    anthropicApiKeys: providers.anthropicApiKeys ?? [],
  };
  const models = providers.models ?? defaultModels;
  const available = availableModels(models, credentials);
  const { spec, embeddings } = await makeEmbeddings(credentials);
  const embed = (texts: readonly string[]) => embeddings.embedDocuments([...texts]);
  const options = mapValues(services, serverOptions);

  const tieredCache = (cache: string, { metrics, logger }: ServerOptions) =>
    new TieredCache({
      store: stores.cacheStore,
      clock,
      onLookup: (level) => metrics.count(cacheRequests, { cache, level }),
      onStoreError: (error) => logger.warn({ err: error }, 'the shared cache failed'),
    });

  const apps: Record<ServiceName, FastifyInstance> = {
    gateway: await buildGateway(
      {
        client,
        limiter: stores.limiter,
        events: stores.events,
        tokens: { secret, ...localIssuer, defaultTier: 'free' },
        corsOrigins: [],
        clock,
        newId,
      },
      options.gateway,
    ),
    worker: buildWorker({ ...stores, client, slots: WORKER_SLOTS, clock, timers: systemTimers }, options.worker),
    chat: buildChat({ ...stores, clock, newId }, options.chat),
    agent: buildAgent({ client, clock }, options.agent),
    rag: buildRag(
      {
        documents: stores.documents,
        originals: stores.originals,
        embed: async (texts, caller) =>
          (await client.call(orchestratorApi.embed, { body: { texts: [...texts] } }, caller)).vectors,
        cache: tieredCache('rag', options.rag),
        clock,
      },
      options.rag,
    ),
    memory: buildMemory({ ...stores, clock }, options.memory),
    orchestrator: buildOrchestrator(
      {
        classifier: ruleClassifier,
        models,
        available,
        pool: new ModelPool(credentials, clock),
        breakers: new Breakers(),
        ledger: stores.ledger,
        experiments: stores.experiments,
        embedding: { spec, embed },
        answers: new AnswerCache({
          tiered: tieredCache('answers', options.orchestrator),
          semantic: new SemanticCache({
            index: stores.answerIndex,
            embed: (text) => embeddings.embedQuery(text),
            clock,
            onError: (error) => options.orchestrator.logger.warn({ err: error }, 'the semantic cache failed'),
          }),
          metrics: options.orchestrator.metrics,
        }),
        clock,
        random: Math.random,
        newId,
      },
      options.orchestrator,
    ),
    canary: buildCanary(
      {
        releases: [{ name: services.chat.name }],
        metrics: idleCanaryMetrics,
        router: dryRouter(options.canary.logger),
        store: stores.releases,
        clock,
        timers: systemTimers,
      },
      options.canary,
    ),
  };
  return { apps, models: [...available] };
}

function mapValues<K extends string, V, R>(record: Readonly<Record<K, V>>, map: (value: V) => R): Record<K, R> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value)])) as Record<K, R>;
}
