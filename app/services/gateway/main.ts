import { gateway } from '../../../contract/index.js';
import { MemoryCacheStore } from '../../adapters/memory/memory-cache-store.js';
import { MemoryRateLimiter } from '../../adapters/memory/memory-rate-limiter.js';
import { connectRedis } from '../../adapters/redis/connect-redis.js';
import { RedisRateLimiter } from '../../adapters/redis/redis-rate-limiter.js';
import { RedisTaskEvents } from '../../adapters/redis/redis-task-events.js';
import { connectPostgres } from '../../adapters/sql/connect-postgres.js';
import { SqlApiKeyStore } from '../../adapters/sql/sql-api-key-store.js';
import { makeTieredCache } from '../../cache/make-tiered-cache.js';
import { GuardedRateLimiter } from '../../limits/guarded-rate-limiter.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { randomHex } from '../../telemetry/random-hex.js';
import { buildGateway } from './build-gateway.js';

/** Longer than an answer is apart from the next request under load, and no time for the budget of a minute. */
const SETTLE_WITHIN_MS = 5;

/** `armature serve gateway` */
export const main: ProcessMain = (run) =>
  runProcess(gateway, run, async (context) => {
    const { settings, options, clock } = context;
    const { logger } = options;
    // Not essential: what becomes of requests without Redis is a setting, and pushed results come when it does.
    const [limits, redis] = await Promise.all([
      connectRedis(context, {
        name: 'Redis (limits)',
        essential: false,
        whenAway: 'fail',
        // A trip waits for the one before it: a request for two at most.
        commandTimeoutMs: settings.limitsTimeoutMs / 2,
      }),
      connectRedis(context, { name: 'Redis (task events)', essential: false }),
    ]);
    // Nor is this: without it, tokens are taken and API keys answered 503.
    const keys = connectPostgres(context, { name: 'PostgreSQL (API keys)', essential: false, maxConnections: 2 }).then(
      (db) => new SqlApiKeyStore(db),
    );
    keys.catch(() => undefined); // told to whoever asks for a key
    const limiter = new GuardedRateLimiter(
      new RedisRateLimiter(limits, { settleWithinMs: SETTLE_WITHIN_MS }),
      settings.limitsWhenAway === 'failOpen'
        ? { policy: 'failOpen', own: new MemoryRateLimiter(clock) }
        : { policy: 'failClosed' },
      clock,
      (error) => {
        if (error === undefined) logger.info('the shared limits are back');
        else logger.warn({ err: error, policy: settings.limitsWhenAway }, 'the shared limits are away');
      },
    );
    const events = new RedisTaskEvents(redis, (error) => logger.warn({ err: error }, 'task events are away'));
    const app = await buildGateway(
      {
        client: new ServiceClient({
          chat: settings.chatUrl,
          rag: settings.ragUrl,
          agent: settings.agentUrl,
          memory: settings.memoryUrl,
          orchestrator: settings.orchestratorUrl,
        }),
        // Each replica's own: a list of models is not worth a trip to Redis.
        cache: makeTieredCache(new MemoryCacheStore(clock), clock, options),
        limiter,
        events,
        tokens: {
          secret: settings.jwtSecret,
          jwksUrl: settings.jwksUrl,
          algorithms: settings.jwtAlgorithms,
          issuer: settings.jwtIssuer,
          audience: settings.jwtAudience,
          defaultTier: settings.defaultTier,
        },
        apiKeys: { ownerOf: async (hash) => (await keys).ownerOf(hash) },
        corsOrigins: settings.corsOrigins,
        clock,
        newId: () => randomHex(16),
      },
      { ...options, bodyLimitBytes: settings.bodyLimitBytes },
    );
    app.addHook('onClose', () => events.close());
    return app;
  });
