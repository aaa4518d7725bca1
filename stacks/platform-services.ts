import { canaryPermissions } from '../constructs/index.js';
import {
  agent,
  canary,
  canaryPolicy,
  chat,
  gateway,
  memory,
  orchestrator,
  rag,
  requestBudget,
  requestLatencyP99,
  type ServiceName,
  taskBacklog,
  tasks,
  toldTaskBacklog,
  worker,
} from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import type { PlatformStores } from './platform-stores.js';
import { type ServicePlan, servicePlan } from './service-plan.js';

/** The longest that a request may be under way, whoever answers it. */
const REQUEST_SECONDS = requestBudget.gatewayMs / 1000;

/** The chapter's services (32.1), with their settings from the environment's stores. */
export function platformServices(config: EnvironmentConfig, stores: PlatformStores): readonly ServicePlan[] {
  const redis = {
    redisUrl: stores.redis.url,
    redisPassword: stores.redis.password,
    ...(stores.redis.sentinels && { redisSentinels: stores.redis.sentinels }),
  };
  const rabbitmq = { rabbitmqUrl: stores.rabbitmq.url, rabbitmqPassword: stores.rabbitmq.password };
  const postgres = {
    postgresUrl: stores.postgres.url,
    postgresPassword: stores.postgres.password,
    ...(stores.postgres.caCertificate && { postgresCa: stores.postgres.caCertificate }),
  };
  const qdrant = { qdrantUrl: stores.qdrant.url, qdrantApiKey: stores.qdrant.apiKey };
  const objectStore = {
    s3Endpoint: stores.objectStore.url,
    s3Region: config.region,
    s3Bucket: stores.objectStore.bucket,
    s3AccessKeyId: stores.objectStore.accessKeyId,
    s3SecretAccessKey: stores.objectStore.secretAccessKey,
  };
  const providers = { openaiApiKeys: config.providerKeys.openai, anthropicApiKeys: config.providerKeys.anthropic };
  const { latency, backlog } = scalingTargets(config);
  const drainSeconds = REQUEST_SECONDS;
  return [
    servicePlan({
      spec: gateway,
      drainSeconds,
      settings: { ...redis, ...postgres, jwtSecret: config.tokenSecret, ...identitySettings(config) },
    }),
    servicePlan({ spec: chat, drainSeconds, scaleOn: latency, settings: { ...redis, ...rabbitmq } }),
    servicePlan({
      spec: rag,
      drainSeconds,
      scaleOn: latency,
      settings: { ...redis, ...postgres, ...qdrant, ...objectStore },
    }),
    servicePlan({ spec: agent, drainSeconds, settings: { fetchAllowedHosts: config.agentFetchHosts } }),
    servicePlan({ spec: memory, drainSeconds, scaleOn: latency, settings: redis }),
    servicePlan({ spec: orchestrator, drainSeconds, settings: { ...redis, ...postgres, ...qdrant, ...providers } }),
    servicePlan({
      spec: worker,
      drainSeconds: tasks.hardLimitSeconds,
      consumes: [tasks],
      scaleOn: backlog,
      settings: { ...redis, ...rabbitmq },
    }),
    servicePlan({
      spec: canary,
      drainSeconds: requestBudget.serviceCallMs / 1000,
      // Without a mesh there are no weights to move.
      settings: { dryRun: config.mesh.kind !== 'sidecar' },
      permissions: canaryPermissions(canary, config.canary ? [releasedBy(config.canary.service)] : []),
    }),
  ];
}

/** The gateway is told of the identity provider here, and let through to it in `identityFlow`: both or neither. */
function identitySettings({ identityProvider: provider }: EnvironmentConfig) {
  return provider && { jwksUrl: provider.jwksUrl, jwtIssuer: provider.issuer, jwtAudience: provider.audience };
}

function releasedBy(name: ServiceName) {
  return { name, deployments: [name, `${name}-${canaryPolicy.canaryVersion}`] };
}

/**
 * Latency scales only the services whose own work takes the time. The gateway, the agent and the orchestrator wait for a model: their
 * p99 stays above any such target however many pods there are, and would hold them at the ceiling (docs/decisions/0013).
 */
function scalingTargets({ scaling, rabbitmq }: EnvironmentConfig) {
  if (scaling.kind === 'fixed') return { latency: [], backlog: [] };
  const { onMetricLoss } = scaling;
  return {
    latency: [{ metric: requestLatencyP99, averageValue: scaling.latencyP99Seconds, onMetricLoss }],
    backlog: [
      {
        // Nobody scrapes a broker that is managed elsewhere.
        metric: rabbitmq.kind === 'managed' ? toldTaskBacklog : taskBacklog,
        averageValue: scaling.backlogPerReplica,
        onMetricLoss,
      },
    ],
  };
}
