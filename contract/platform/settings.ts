import * as z from 'zod';
import {
  budgetTable,
  type Endpoint,
  modelTable,
  optionalSecretSetting,
  optionalSetting,
  requiredSetting,
  secretSetting,
  serviceUrl,
  setting,
  settingText as text,
} from '../vocabulary/index.js';
import { canaryPolicy, requestLimits } from './policies.js';
import { ports } from './ports.js';
import { TIERS } from './tiers.js';

/** Algorithms that a token may be signed with (RFC 7518). */
export const TOKEN_ALGORITHMS = ['HS256', 'RS256', 'ES256'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** OpenTelemetry's own variables, which its SDK reads too. */
export const tracingSettings = {
  otlpEndpoint: optionalSetting('OTEL_EXPORTER_OTLP_ENDPOINT', {
    schema: text.url,
    description: 'Where traces are sent, by OTLP over HTTP. Without it nothing is traced.',
  }),
  tracesSampler: optionalSetting('OTEL_TRACES_SAMPLER', {
    schema: z.literal('parentbased_traceidratio'),
    description: 'Who decides which traces are kept: the first process of a request, for all.',
  }),
  samplingRatio: optionalSetting('OTEL_TRACES_SAMPLER_ARG', {
    schema: text.number(0, 1),
    description: 'Share of the requests whose traces are kept, 0 to 1.',
  }),
} as const;

/** Settings that every process reads. */
export const processSettings = {
  ...tracingSettings,
  host: setting('HOST', { schema: text.string, default: '0.0.0.0', description: 'Address to listen on.' }),
  logLevel: setting('LOG_LEVEL', {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    default: 'info',
    description: 'Least severe log line that is written.',
  }),
  release: setting('RELEASE_VERSION', {
    schema: text.string,
    default: canaryPolicy.stableVersion,
    description: 'Version label of this release: told by /health, and with each answer for whoever scores it.',
  }),
} as const;

function peer(env: string, endpoint: Endpoint) {
  return setting(env, {
    schema: text.url,
    default: serviceUrl(endpoint),
    description: `Base URL of the ${endpoint.name} service.`,
  });
}

export const peerSettings = {
  chatUrl: peer('CHAT_URL', { name: 'chat', port: ports.chat }),
  ragUrl: peer('RAG_URL', { name: 'rag', port: ports.rag }),
  agentUrl: peer('AGENT_URL', { name: 'agent', port: ports.agent }),
  memoryUrl: peer('MEMORY_URL', { name: 'memory', port: ports.memory }),
  orchestratorUrl: peer('ORCHESTRATOR_URL', { name: 'orchestrator', port: ports.orchestrator }),
  prometheusUrl: peer('PROMETHEUS_URL', { name: 'prometheus', port: ports.prometheus }),
} as const;

export const redisSettings = {
  redisUrl: requiredSetting('REDIS_URL', {
    schema: text.url,
    description: 'Redis, as redis://host:port or rediss://host:port.',
  }),
  redisSentinels: optionalSetting('REDIS_SENTINELS', {
    schema: text.list,
    description:
      'Sentinels of a highly available Redis, as host:port, comma-separated. They name the primary to use, which they know by the host of REDIS_URL, and take the same password.',
  }),
  redisPassword: secretSetting('REDIS_PASSWORD', { schema: text.string, description: 'Password of Redis.' }),
} as const;

export const rabbitmqSettings = {
  rabbitmqUrl: requiredSetting('RABBITMQ_URL', {
    schema: text.url,
    description: 'RabbitMQ, as amqp://user@host:port/vhost.',
  }),
  rabbitmqPassword: secretSetting('RABBITMQ_PASSWORD', {
    schema: text.string,
    description: 'Password of the RabbitMQ user.',
  }),
} as const;

export const postgresSettings = {
  postgresUrl: requiredSetting('POSTGRES_URL', {
    schema: text.url,
    description: 'PostgreSQL, as postgres://user@host:port/database.',
  }),
  postgresPassword: secretSetting('POSTGRES_PASSWORD', {
    schema: text.string,
    description: 'Password of the PostgreSQL user.',
  }),
  postgresCa: optionalSecretSetting('POSTGRES_CA', {
    schema: text.string,
    description: 'Certificate of the authority that PostgreSQL is verified by, as PEM, where it is not a public one.',
  }),
} as const;

export const qdrantSettings = {
  qdrantUrl: requiredSetting('QDRANT_URL', { schema: text.url, description: 'Qdrant, as http://host:port.' }),
  qdrantApiKey: secretSetting('QDRANT_API_KEY', { schema: text.string, description: 'API key of Qdrant.' }),
} as const;

export const objectStoreSettings = {
  s3Endpoint: requiredSetting('S3_ENDPOINT', { schema: text.url, description: 'S3-compatible endpoint.' }),
  s3Region: setting('S3_REGION', { schema: text.string, default: 'us-east-1', description: 'Region of the bucket.' }),
  s3Bucket: requiredSetting('S3_BUCKET', { schema: text.string, description: 'Bucket for documents.' }),
  s3AccessKeyId: optionalSecretSetting('S3_ACCESS_KEY_ID', {
    schema: text.string,
    description: 'Access key of the object store. Without one, the identity that the cloud gives the pod.',
  }),
  s3SecretAccessKey: optionalSecretSetting('S3_SECRET_ACCESS_KEY', {
    schema: text.string,
    description: 'Secret key of the object store.',
  }),
} as const;

export const tokenSettings = {
  jwtSecret: secretSetting('JWT_SECRET', {
    schema: z.string().min(32, 'must be at least 32 characters (HS256 needs 256 bits)'),
    description: 'Secret that HS256 tokens are signed with.',
  }),
  jwksUrl: optionalSetting('JWKS_URL', {
    schema: text.url,
    description: 'Key set of the identity provider, for RS256 and ES256 tokens.',
  }),
  jwtAlgorithms: setting('JWT_ALGORITHMS', {
    schema: text.list.pipe(z.array(z.enum(TOKEN_ALGORITHMS)).min(1)),
    default: TOKEN_ALGORITHMS.join(','),
    description:
      'Algorithms that tokens may be signed with, comma-separated. HS256 is by the secret, the others by the key set.',
  }),
  jwtIssuer: setting('JWT_ISSUER', {
    schema: text.string,
    default: 'armature',
    description: 'Required `iss` of a token.',
  }),
  jwtAudience: setting('JWT_AUDIENCE', {
    schema: text.string,
    default: 'armature',
    description: 'Required `aud` of a token.',
  }),
} as const;

export const gatewaySettings = {
  corsOrigins: setting('CORS_ORIGINS', {
    schema: text.list,
    default: '',
    description: 'Origins that browsers may call from, comma-separated; empty allows none.',
  }),
  bodyLimitBytes: setting('BODY_LIMIT_BYTES', {
    schema: text.integer(1024, 104_857_600),
    default: String(requestLimits.bodyBytes),
    description: 'Largest request body.',
  }),
  defaultTier: setting('DEFAULT_TIER', {
    schema: z.enum(TIERS),
    default: 'free',
    description: 'Tier of a token that names none.',
  }),
  limitsWhenAway: setting('RATE_LIMITS_WHEN_AWAY', {
    schema: z.enum(['failOpen', 'failClosed']),
    default: 'failOpen',
    description:
      'What becomes of a request while Redis, which holds the limits, is away: failOpen lets each replica count by itself, failClosed answers 503.',
  }),
  limitsTimeoutMs: setting('RATE_LIMITS_TIMEOUT_MS', {
    schema: text.integer(10, 5_000),
    default: '250',
    description: 'Longest that a request waits for Redis to decide on its limits, in milliseconds.',
  }),
} as const;

/** A setting that may be left out, and is written as JSON. */
function jsonSetting<T>(env: string, { schema, description }: { schema: z.ZodType<T>; description: string }) {
  const json = z.string().transform((value, ctx): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      ctx.addIssue({ code: 'custom', message: `is not JSON; the path of a file that holds it goes into ${env}_FILE` });
      return z.NEVER;
    }
  });
  return optionalSetting(env, { schema: json.pipe(schema), description });
}

export const providerSettings = {
  openaiApiKeys: optionalSecretSetting('OPENAI_API_KEYS', {
    schema: text.list,
    description: 'Keys of OpenAI or a compatible server, comma-separated, taken in turn.',
  }),
  openaiBaseUrl: optionalSetting('OPENAI_BASE_URL', {
    schema: text.url,
    description: 'Base URL of an OpenAI-compatible server.',
  }),
  anthropicApiKeys: optionalSecretSetting('ANTHROPIC_API_KEYS', {
    schema: text.list,
    description: 'Keys of Anthropic, comma-separated, taken in turn.',
  }),
  models: jsonSetting('MODELS', {
    schema: modelTable,
    description: 'Model table as JSON, instead of the built-in one.',
  }),
  routerModel: jsonSetting('ROUTER_MODEL', {
    schema: z.unknown(),
    description:
      'What `armature route calibrate` wrote, as JSON: prompts are classified by it instead of by the built-in model.',
  }),
  hedgeAfter: optionalSetting('HEDGE_AFTER', {
    schema: z.union([z.literal('p95'), text.integer(1, 60_000)], 'must be p95, or milliseconds from 1 to 60000'),
    description:
      'When a model is called a second time because the first call is late: "p95" (measured, of this model) or milliseconds. Without it never.',
  }),
  budgets: jsonSetting('BUDGETS', {
    schema: budgetTable,
    description: 'What tenants and users may spend, as JSON. Without it nobody is held to a budget.',
  }),
} as const;

export const workerSettings = {
  slots: setting('WORKER_SLOTS', {
    schema: text.integer(1, 64),
    default: '4',
    description: 'Tasks that one worker runs at a time.',
  }),
} as const;

export const agentSettings = {
  fetchAllowedHosts: setting('AGENT_FETCH_ALLOWED_HOSTS', {
    schema: text.list,
    default: '',
    description:
      'Hosts that the fetch tool may call over HTTPS, comma-separated, each as host or host:port; empty turns the tool off.',
  }),
} as const;

export const canarySettings = {
  dryRun: setting('CANARY_DRY_RUN', {
    schema: text.boolean,
    default: 'false',
    description: 'Know of no cluster, and move nothing.',
  }),
  leaseSeconds: setting('CANARY_LEASE_SECONDS', {
    schema: text.integer(1, 3_600),
    default: '15',
    description: 'After so long without a word of the controller that acts, another takes its place.',
  }),
} as const;
