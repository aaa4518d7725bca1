import { defineService, type ProbesSpec } from '../vocabulary/index.js';
import {
  answerScore,
  budgetAlerts,
  budgetRefusals,
  cacheRequests,
  canaryFloor,
  canaryReleasesEnded,
  canaryWeight,
  experimentExposures,
  ledgerEntries,
  ledgerWaiting,
  llmCost,
  llmRequestDuration,
  llmRequests,
  llmSaved,
  llmTokens,
  processMetrics,
  rateLimitDecisions,
  routeDecisions,
  scoredAnswers,
  taskDuration,
  taskQueueMessages,
  tasksFinished,
} from './metrics.js';
import { ports } from './ports.js';
import {
  agentSettings,
  canarySettings,
  gatewaySettings,
  objectStoreSettings,
  peerSettings,
  postgresSettings,
  processSettings,
  providerSettings,
  qdrantSettings,
  rabbitmqSettings,
  redisSettings,
  tokenSettings,
  workerSettings,
} from './settings.js';

/** Chapter 32.4. */
export const probes = {
  startup: { path: '/health', withinSeconds: 120 },
  liveness: { path: '/health', initialDelaySeconds: 30, periodSeconds: 10 },
  readiness: { path: '/ready', initialDelaySeconds: 5, periodSeconds: 5 },
} as const satisfies ProbesSpec;

export const METRICS_PATH = '/metrics';

const common = { probes, metricsPath: METRICS_PATH } as const;
const { chatUrl, ragUrl, agentUrl, memoryUrl, orchestratorUrl, prometheusUrl } = peerSettings;

export const gateway = defineService({
  ...common,
  name: 'gateway',
  kind: 'service',
  description: 'The front door: authentication, rate limits, routing, the OpenAI-compatible API.',
  port: ports.gateway,
  placement: 'general',
  minReplicas: 3,
  settings: {
    ...processSettings,
    ...tokenSettings,
    ...gatewaySettings,
    ...redisSettings,
    ...postgresSettings,
    chatUrl,
    ragUrl,
    agentUrl,
    memoryUrl,
    orchestratorUrl,
  },
  metrics: [...processMetrics, rateLimitDecisions, cacheRequests],
});

export const chat = defineService({
  ...common,
  name: 'chat',
  kind: 'service',
  description: 'Accepts messages as tasks, publishes them to the queue, tells their state.',
  port: ports.chat,
  placement: 'general',
  minReplicas: 3,
  settings: { ...processSettings, ...redisSettings, ...rabbitmqSettings },
  metrics: processMetrics,
});

export const rag = defineService({
  ...common,
  name: 'rag',
  kind: 'service',
  description: 'Ingests documents and retrieves passages with citations.',
  port: ports.rag,
  placement: 'compute',
  minReplicas: 5,
  settings: {
    ...processSettings,
    ...redisSettings,
    ...postgresSettings,
    ...qdrantSettings,
    ...objectStoreSettings,
    orchestratorUrl,
  },
  metrics: [...processMetrics, cacheRequests],
});

export const agent = defineService({
  ...common,
  name: 'agent',
  kind: 'service',
  description: 'Runs a tool-using agent within an allow-list and a time limit.',
  port: ports.agent,
  placement: 'isolated',
  minReplicas: 2,
  settings: { ...processSettings, ...agentSettings, ragUrl, orchestratorUrl },
  metrics: processMetrics,
});

export const memory = defineService({
  ...common,
  name: 'memory',
  kind: 'service',
  description: 'Keeps the conversation of each session.',
  port: ports.memory,
  placement: 'memory',
  minReplicas: 2,
  settings: { ...processSettings, ...redisSettings },
  metrics: processMetrics,
});

export const orchestrator = defineService({
  ...common,
  name: 'orchestrator',
  kind: 'service',
  description: 'Routes prompts to models, with caches, retries, fallbacks and a ledger.',
  port: ports.orchestrator,
  placement: 'network',
  minReplicas: 4,
  settings: { ...processSettings, ...redisSettings, ...postgresSettings, ...qdrantSettings, ...providerSettings },
  metrics: [
    ...processMetrics,
    llmTokens,
    llmCost,
    llmSaved,
    llmRequests,
    llmRequestDuration,
    ledgerEntries,
    ledgerWaiting,
    budgetAlerts,
    budgetRefusals,
    routeDecisions,
    cacheRequests,
    experimentExposures,
    answerScore,
    scoredAnswers,
  ],
});

export const worker = defineService({
  ...common,
  name: 'worker',
  kind: 'worker',
  description: 'Consumes the queues.',
  port: ports.worker,
  placement: 'general',
  minReplicas: 3,
  settings: {
    ...processSettings,
    ...redisSettings,
    ...rabbitmqSettings,
    ...workerSettings,
    ragUrl,
    memoryUrl,
    orchestratorUrl,
  },
  metrics: [...processMetrics, tasksFinished, taskDuration, taskQueueMessages],
});

export const canary = defineService({
  ...common,
  name: 'canary',
  kind: 'controller',
  description: 'Moves traffic to a new release step by step, and back when it does worse.',
  port: ports.canary,
  placement: 'general',
  minReplicas: 2,
  settings: { ...processSettings, ...canarySettings, prometheusUrl },
  metrics: [...processMetrics, canaryWeight, canaryFloor, canaryReleasesEnded],
});

/** Every process of the application. */
export const services = { gateway, chat, rag, agent, memory, orchestrator, worker, canary } as const;
export type ServiceName = keyof typeof services;
