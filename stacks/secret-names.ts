import { secretKey } from '../constructs/index.js';

/** Where the shipped environments look for their secrets: one Secret for each store and purpose. */
export const secrets = {
  redis: { password: secretKey('redis', 'password') },
  postgres: { password: secretKey('postgres', 'password') },
  rabbitmq: { password: secretKey('rabbitmq', 'password'), erlangCookie: secretKey('rabbitmq', 'erlang-cookie') },
  qdrant: { apiKey: secretKey('qdrant', 'api-key'), readOnlyApiKey: secretKey('qdrant', 'read-only-api-key') },
  objectStore: {
    accessKeyId: secretKey('object-store', 'access-key-id'),
    secretAccessKey: secretKey('object-store', 'secret-access-key'),
  },
  alertReceivers: {
    critical: secretKey('alert-receivers', 'critical-url'),
    warning: secretKey('alert-receivers', 'warning-url'),
  },
  grafana: { adminPassword: secretKey('grafana', 'admin-password') },
  tracing: { token: secretKey('tracing', 'token') },
  tokens: secretKey('tokens', 'jwt-secret'),
  providers: { openai: secretKey('model-providers', 'openai'), anthropic: secretKey('model-providers', 'anthropic') },
} as const;
