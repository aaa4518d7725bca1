/**
 * Headers by which the gateway tells an internal service who asks. Only the gateway sets them, from a verified token; it drops
 * what a client sends under these names, and network policy lets nobody else reach the services. User and tenant are percent-encoded.
 */
export const identityHeaders = {
  user: 'x-armature-user',
  tier: 'x-armature-tier',
  tenant: 'x-armature-tenant',
} as const;

export const REQUEST_ID_HEADER = 'x-request-id';

/** What is left of the caller's limits, and what they are (draft-ietf-httpapi-ratelimit-headers-10). */
export const rateLimitHeaders = {
  limits: 'ratelimit',
  policies: 'ratelimit-policy',
  retryAfter: 'retry-after',
} as const;

/**
 * Our id of a call, sent to the model's provider: an invoice that repeats it can be held against the ledger, and support finds the
 * call by it. OpenAI takes it under this name ("Debugging requests" in its API reference); others ignore it.
 */
export const PROVIDER_CALL_ID_HEADER = 'x-client-request-id';

/** W3C trace context, forwarded on every internal call and task. */
export const TRACE_HEADER = 'traceparent';

/** Prefix of the paths whose connections stay open: no route may time them out. */
export const webSocketPath = '/ws';

/** Paths that the public entrance forwards to the gateway. `/metrics` and the probes are not among them. */
export const publicPaths = [
  '/api',
  '/chat',
  '/tasks',
  webSocketPath,
  '/v1',
  '/usage',
  '/experiments',
  '/docs',
  '/console',
] as const;
