import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { type Operation, rateLimitDecisions } from '../../../contract/index.js';
import type { RateLimiter } from '../../limits/rate-limiter.js';
import { type Caller, makeCaller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';
import { addRoute } from '../../runtime/serve-operation.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { type Authenticate, bearerToken } from './authenticate.js';

export interface Entrance {
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  readonly client: ServiceClient;
}

/** Admits one piece of work for a user, and tells the client how much is left. @throws 429 */
export async function admit({ limiter, metrics }: Entrance, identity: Identity, reply?: FastifyReply): Promise<void> {
  const admission = await limiter.admit(identity);
  metrics.count(rateLimitDecisions, { tier: identity.tier, decision: admission.admitted ? 'admitted' : admission.by });
  reply?.headers({
    'ratelimit-limit': admission.limit,
    'ratelimit-remaining': admission.admitted ? admission.remaining : 0,
    'ratelimit-reset': admission.resetAfterSeconds,
  });
  if (!admission.admitted) throw errors.rateLimited(admission);
}

/** Who sends a request, by its token. */
export async function callerOf({ authenticate }: Entrance, request: FastifyRequest): Promise<Caller> {
  const identity = await authenticate(bearerToken(request.headers));
  return makeCaller(request, identity, request.trace, request.clientGone);
}

export interface PublicRoute<O extends Operation> {
  readonly method: Operation['method'];
  readonly path: string;
  readonly operation: O;
  /** Whether a request counts against the caller's limits: what makes work does, what only looks does not. */
  readonly limited: boolean;
  /** Changes the answer, or its status. @default the operation's answer, 200 */
  readonly answer?: (result: z.output<O['response']>, reply: FastifyReply) => unknown;
}

/** Opens an operation of an internal service to the public, behind the token and the limits. */
export function openRoute<O extends Operation>(app: FastifyInstance, entrance: Entrance, route: PublicRoute<O>): void {
  const { operation, answer = (result) => result } = route;
  const takesBody = route.method === 'POST' || route.method === 'PUT';
  addRoute(app, operation, {
    method: route.method,
    url: route.path,
    onRequest: async (request) => {
      await entrance.authenticate(bearerToken(request.headers));
    },
    schema: {
      tags: [operation.service.name],
      summary: operation.summary,
      params: operation.params,
      querystring: operation.query,
      ...(takesBody ? { body: operation.body } : {}),
    },
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      if (route.limited) await admit(entrance, caller.identity, reply);
      const result = await entrance.client.call(
        operation,
        {
          params: request.params as z.input<O['params']>,
          query: request.query as z.input<O['query']>,
          ...(takesBody ? { body: request.body as z.input<O['body']> } : {}),
          ...(operation.rawBody ? { contentType: request.headers['content-type'] ?? '' } : {}),
        },
        caller,
      );
      return answer(result, reply);
    },
  });
}
