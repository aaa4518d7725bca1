import type { FastifyInstance } from 'fastify';
import { v7 as newId } from 'uuid';
import {
  type agentSettings,
  type providerSettings,
  type ServiceName,
  type ServiceSpec,
  type SettingsOf,
  services,
  type workerSettings,
} from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { makeSandbox } from '../adapters/sandbox/run-in-sandbox.js';
import { makeFetchPage } from '../adapters/web/fetch-page.js';
import { httpWebhooks } from '../adapters/web/http-webhooks.js';
import { makeTieredCache } from '../cache/make-tiered-cache.js';
import { buildCanary } from '../canary/build-canary.js';
import { soleLeader } from '../canary/leadership.js';
import type { Clock } from '../runtime/clock.js';
import type { ServerOptions } from '../runtime/server.js';
import type { ServiceClient } from '../runtime/service-client.js';
import { systemTimers } from '../runtime/timers.js';
import { buildAgent } from '../services/agent/build-agent.js';
import { buildChat } from '../services/chat/build-chat.js';
import { buildGateway } from '../services/gateway/build-gateway.js';
import { buildMemory } from '../services/memory/build-memory.js';
import { wireOrchestrator } from '../services/orchestrator/wire-orchestrator.js';
import { wireRag } from '../services/rag/wire-rag.js';
import { buildWorker } from '../worker/build-worker.js';
import { localIssuer } from './local-tokens.js';
import type { EmbeddedStores } from './open-stores.js';

interface Parts {
  readonly stores: EmbeddedStores;
  readonly client: ServiceClient;
  readonly providers: SettingsOf<typeof providerSettings>;
  readonly agentSettings: SettingsOf<typeof agentSettings>;
  readonly workerSettings: SettingsOf<typeof workerSettings>;
  readonly secret: string;
  readonly clock: Clock;
}

/**
 * Wires every process to the embedded adapters. They are listed in the order in which they close: who calls before who is called.
 * @param serverOptions logger and metrics of each process
 */
export async function buildServices(
  { stores, client, providers, agentSettings, workerSettings: { slots }, secret, clock }: Parts,
  serverOptions: (spec: ServiceSpec) => ServerOptions,
) {
  const options = mapValues(services, serverOptions);
  const { fetchAllowedHosts: allowedHosts } = agentSettings;
  const orchestrator = await wireOrchestrator({ ...stores, providers, clock }, options.orchestrator);
  const cache = makeTieredCache(stores.cacheStore, clock, options.gateway);
  const tokens = { secret, ...localIssuer, algorithms: ['HS256'], defaultTier: 'free' } as const;
  const apps: Record<ServiceName, FastifyInstance> = {
    gateway: await buildGateway({ ...stores, client, cache, tokens, corsOrigins: [], clock, newId }, options.gateway),
    worker: buildWorker({ ...stores, client, slots, clock, timers: systemTimers }, options.worker),
    chat: buildChat({ ...stores, clock, timers: systemTimers, newId }, options.chat),
    agent: buildAgent(
      { client, clock, runCode: makeSandbox(), web: { allowedHosts, fetchPage: makeFetchPage({ allowedHosts }) } },
      options.agent,
    ),
    rag: wireRag({ ...stores, client, clock }, options.rag),
    memory: buildMemory({ ...stores, clock }, options.memory),
    orchestrator: orchestrator.app,
    canary: buildCanary(
      {
        cluster: stores.releases,
        metrics: idleCanaryMetrics,
        webhooks: httpWebhooks,
        leadership: soleLeader,
        clock,
        timers: systemTimers,
      },
      options.canary,
    ),
  };
  return { apps, models: orchestrator.models };
}

function mapValues<K extends string, V, R>(record: Readonly<Record<K, V>>, map: (value: V) => R): Record<K, R> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value)])) as Record<K, R>;
}
