import type { FastifyInstance } from 'fastify';
import { gateway, TOKEN_ALGORITHMS } from '../../../contract/index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { MemoryRateLimiter } from '../../adapters/memory/memory-rate-limiter.js';
import { MemoryTaskEvents } from '../../adapters/memory/memory-task-events.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import { localIssuer, signToken } from '../../embedded/local-tokens.js';
import type { Identity } from '../../runtime/identity.js';
import { ada, testOptions } from '../../runtime/service.fixture.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { buildGateway, type GatewayDeps } from './build-gateway.js';

const SECRET = 'a secret of more than thirty-two characters';
const start = () => Date.UTC(2026, 0, 1);
/** Nobody listens there. */
const nowhere = Object.fromEntries(
  ['chat', 'rag', 'agent', 'memory', 'orchestrator'].map((name) => [name, 'http://127.0.0.1:1']),
);

/** A gateway that does not listen, over memory, with every service away and the time standing still, but for what is changed. */
export function gatewayUnderTest({ clock = start, ...changes }: Partial<GatewayDeps> = {}): Promise<FastifyInstance> {
  return buildGateway(
    {
      client: new ServiceClient(nowhere),
      cache: makeTieredCache(new MemoryCacheStore(clock), clock, testOptions(gateway)),
      limiter: new MemoryRateLimiter(clock),
      events: new MemoryTaskEvents(),
      tokens: { secret: SECRET, ...localIssuer, algorithms: TOKEN_ALGORITHMS, defaultTier: 'free' },
      apiKeys: { ownerOf: async () => undefined },
      corsOrigins: [],
      clock,
      newId: () => 'id',
      ...changes,
    },
    testOptions(gateway),
  );
}

interface Asked {
  /** @default GET, and POST with a body */
  readonly method?: 'GET' | 'PUT' | 'DELETE' | 'OPTIONS';
  readonly body?: unknown;
  /** The body, as it is sent. */
  readonly text?: string | undefined;
  readonly as?: Identity;
  readonly headers?: Record<string, string>;
}

/** Asks as a user who has a token. */
export async function askGateway(app: FastifyInstance, url: string, { as = ada, headers, ...asked }: Asked = {}) {
  const payload = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
  return app.inject({
    method: asked.method ?? (payload === undefined ? 'GET' : 'POST'),
    url,
    headers: {
      authorization: `Bearer ${await signToken(SECRET, as, start)}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });
}
