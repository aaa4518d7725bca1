import type { FastifyReply, FastifyRequest } from 'fastify';
import { rateLimitDecisions, rateLimitHeaders, type Usage } from '../../../contract/index.js';
import { describeLimits } from '../../limits/describe-limits.js';
import type { RateLimiter } from '../../limits/rate-limiter.js';
import { type Caller, makeCaller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { type Authenticate, bearerToken } from './authenticate.js';

/** What every public route goes through. */
export interface Entrance {
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  readonly client: ServiceClient;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it, once that was asked. */
    caller: Promise<Caller> | undefined;
  }
}

/** Who sends a request, by its token: looked at once, before its body is read. */
export function callerOf(entrance: Entrance, request: FastifyRequest): Promise<Caller> {
  request.caller ??= authenticated(entrance, request);
  return request.caller;
}

/** Has a route ask who sends a request before it reads the body. */
export function identified(entrance: Entrance) {
  return { onRequest: (request: FastifyRequest) => callerOf(entrance, request) };
}

async function authenticated({ authenticate }: Entrance, request: FastifyRequest): Promise<Caller> {
  const identity = await authenticate(bearerToken(request.headers));
  return makeCaller(request, identity, request.trace, request.clientGone);
}

/** Admitted work, whose tokens are set aside. */
export interface AdmittedWork {
  /** Corrects the reservation by what was used. Nobody waits for it: a reservation that cannot be settled counts as used. */
  settle(usage: Usage | undefined): void;
  /**
   * Runs the work and settles it: by what it has used, and with nothing when it fails. A client that goes has used what was
   * reserved: it could else have every answer made for nothing.
   */
  run<T>(work: () => Promise<T>, usageOf: (result: T) => Usage | undefined): Promise<T>;
}

const NOTHING: Usage = { input_tokens: 0, output_tokens: 0 };

/**
 * Admits one piece of work for a user, and tells the client how the limits stand.
 * @param tokens that it may use, estimated
 * @param reply to the request; a message over a socket has none
 * @throws 429
 */
export async function admit(
  { limiter, metrics }: Entrance,
  { identity, signal }: Caller,
  tokens: number,
  { log, reply }: { readonly log: FastifyRequest['log']; readonly reply?: FastifyReply },
): Promise<AdmittedWork> {
  const admission = await limiter.admit(identity, tokens);
  metrics.count(rateLimitDecisions, { tier: identity.tier, decision: admission.admitted ? 'admitted' : admission.by });
  const { limits, policies } = describeLimits(admission.limits, identity.tier);
  reply?.headers({ [rateLimitHeaders.limits]: limits, [rateLimitHeaders.policies]: policies });
  if (!admission.admitted) throw errors.rateLimited(admission);
  const settle = (usage: Usage | undefined) => {
    if (usage === undefined) return;
    limiter
      .settle(identity, admission, usage.input_tokens + usage.output_tokens)
      .catch((error: unknown) => log.warn({ err: error }, 'the reservation counts as used'));
  };
  return {
    settle,
    run: (work, usageOf) =>
      work().then(
        (result) => {
          settle(usageOf(result));
          return result;
        },
        (error: unknown) => {
          if (!signal.aborted) settle(NOTHING);
          throw error;
        },
      ),
  };
}
