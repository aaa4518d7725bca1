import type { FastifyRequest } from 'fastify';
import { identityHeaders, REQUEST_ID_HEADER, TIERS, type Tier, TRACE_HEADER } from '../../contract/index.js';
import type { TraceContext } from '../telemetry/trace-context.js';
import type { ClientSignal } from './client-signal.js';
import { errors } from './errors.js';
import type { Identity } from './identity.js';

/** Who calls, and the thread that ties all work of one request together. */
export interface Caller {
  readonly identity: Identity;
  readonly requestId: string;
  readonly traceparent: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal | ClientSignal;
}

/** The headers that carry a caller to the next service. Names are percent-encoded: a header cuts spaces off, and "ada " would be ada. */
export function callerHeaders({ identity, requestId, traceparent }: Omit<Caller, 'signal'>): Record<string, string> {
  return {
    [identityHeaders.user]: encodeURIComponent(identity.user),
    [identityHeaders.tenant]: encodeURIComponent(identity.tenant),
    [identityHeaders.tier]: identity.tier,
    [REQUEST_ID_HEADER]: requestId,
    [TRACE_HEADER]: traceparent,
  };
}

/** Reads the identity that the gateway has set. @throws 401 when it is missing: the call did not come through the gateway. */
export function readIdentity(headers: FastifyRequest['headers']): Identity {
  const user = decoded(headers[identityHeaders.user]);
  const tenant = decoded(headers[identityHeaders.tenant]);
  const tier = headers[identityHeaders.tier];
  if (user === undefined || tenant === undefined || !isTier(tier)) {
    throw errors.unauthenticated('The call carries no identity: internal services are called through the gateway.');
  }
  return { user, tenant, tier };
}

function decoded(name: string | string[] | undefined): string | undefined {
  try {
    return typeof name === 'string' ? decodeURIComponent(name) : undefined;
  } catch {
    return undefined;
  }
}

function isTier(value: unknown): value is Tier {
  return TIERS.some((tier) => tier === value);
}

/** Ties a request to its client: aborted when the connection closes before the answer has been sent. */
export function makeCaller(
  request: FastifyRequest,
  identity: Identity,
  trace: TraceContext,
  signal: Caller['signal'],
): Caller {
  return { identity, requestId: request.id, traceparent: trace.traceparent, signal };
}
