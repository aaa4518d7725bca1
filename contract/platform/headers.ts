/**
 * Headers by which the gateway tells an internal service who asks. Only the gateway sets them, from a verified token; it drops
 * what a client sends under these names, and network policy lets nobody else reach the services.
 */
export const identityHeaders = {
  user: 'x-armature-user',
  tier: 'x-armature-tier',
  tenant: 'x-armature-tenant',
} as const;

export const REQUEST_ID_HEADER = 'x-request-id';

/** W3C trace context, forwarded on every internal call and task. */
export const TRACE_HEADER = 'traceparent';

/** Paths that the public entrance forwards to the gateway. `/metrics` and the probes are not among them. */
export const publicPaths = ['/api', '/chat', '/tasks', '/ws', '/v1', '/docs', '/console'] as const;
