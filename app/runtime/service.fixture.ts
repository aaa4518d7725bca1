import type { FastifyInstance } from 'fastify';
import { identityHeaders, type Operation, type OperationInput, type ServiceSpec } from '../../contract/index.js';
import { makeLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import type { Identity } from './identity.js';
import type { ServerOptions } from './server.js';

export const ada: Identity = { user: 'ada', tenant: 'acme', tier: 'premium' };
export const bob: Identity = { user: 'bob', tenant: 'acme', tier: 'free' };
export const eve: Identity = { user: 'eve', tenant: 'other', tier: 'enterprise' };

/** Silent options of a service under test. */
export function testOptions(spec: ServiceSpec): ServerOptions {
  return { spec, logger: makeLogger(spec.name, 'silent'), metrics: new Metrics(spec) };
}

/** Calls an operation of a service that does not listen, as a user. */
export async function inject<O extends Operation>(
  app: FastifyInstance,
  operation: O,
  input: OperationInput<O> & { readonly contentType?: string },
  identity: Identity = ada,
) {
  const params = (input.params ?? {}) as Record<string, string>;
  const raw = input.body instanceof Uint8Array;
  const response = await app.inject({
    method: operation.method,
    url: operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    query: Object.fromEntries(Object.entries(input.query ?? {}).map(([key, value]) => [key, String(value)])),
    headers: {
      [identityHeaders.user]: encodeURIComponent(identity.user),
      [identityHeaders.tenant]: encodeURIComponent(identity.tenant),
      [identityHeaders.tier]: identity.tier,
      ...(input.body === undefined
        ? {}
        : { 'content-type': input.contentType ?? (raw ? 'application/octet-stream' : 'application/json') }),
    },
    ...(input.body === undefined
      ? {}
      : { payload: raw ? Buffer.from(input.body as Uint8Array) : JSON.stringify(input.body) }),
  });
  return { status: response.statusCode, body: response.json() };
}
