import type { FastifyInstance } from 'fastify';
import type { ApiKeyStore } from '../../api-keys/api-key-store.js';
import { makeIdentifyKey } from '../../api-keys/identify-key.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { RateLimiter } from '../../limits/rate-limiter.js';
import type { TaskEvents } from '../../queue/task-events.js';
import type { Clock } from '../../runtime/clock.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import type { ServiceClient } from '../../runtime/service-client.js';
import { makeAuthenticate } from './authenticate.js';
import { addChatSocket } from './chat-socket.js';
import { addConsole } from './console-routes.js';
import { letPagesIn } from './cross-origin.js';
import { addDocs } from './docs-routes.js';
import { addOpenAiRoutes } from './openai-routes.js';
import { addPlatformRoutes } from './platform-routes.js';
import { answerHeaders, protectPages } from './security-headers.js';
import type { TokenPolicy } from './verify-token.js';

export interface GatewayDeps {
  readonly client: ServiceClient;
  /** What the gateway answers by itself for a while. */
  readonly cache: TieredCache;
  readonly limiter: RateLimiter;
  readonly events: TaskEvents;
  readonly tokens: TokenPolicy;
  readonly apiKeys: Pick<ApiKeyStore, 'ownerOf'>;
  /** Origins that browsers may call from. */
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly newId: () => string;
}

/** The front door: who asks, how much, and which service answers. */
export async function buildGateway(deps: GatewayDeps, options: ServerOptions): Promise<FastifyInstance> {
  const app = buildServer({ ...options, isPublic: true, headers: answerHeaders });
  // An answer was checked by the client of the service that gave it, or is typed by its schema here: the schema is for the description.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.decorateRequest('caller', undefined);
  await letPagesIn(app, deps.corsOrigins);
  await addDocs(app);

  const entrance = {
    authenticate: makeAuthenticate(deps.tokens, makeIdentifyKey(deps.apiKeys, deps.clock), deps.clock),
    limiter: deps.limiter,
    client: deps.client,
    metrics: options.metrics,
  };
  await addChatSocket(app, entrance, deps.events);
  app.after(() => {
    addPlatformRoutes(app, entrance);
    addOpenAiRoutes(app, entrance, deps);
  });
  app.register(async (pages) => {
    protectPages(pages);
    addConsole(pages, entrance);
  });
  return app;
}
