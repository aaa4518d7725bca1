/**
 * What the gateway's libraries take by themselves: Fastify, the limits' trip to Redis, JSON there and back, undici by its own
 * handler. No tokens, tiers, validation, metrics, traces or logs. Usage: bare-gateway.ts UPSTREAM REDIS_URL PORT
 */
import fastify from 'fastify';
import { Pool } from 'undici';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { RedisRateLimiter } from '../app/adapters/redis/redis-rate-limiter.js';
import { ClientSignal } from '../app/runtime/client-signal.js';
import { askWhole } from '../app/runtime/whole-answer.js';
import { type ChatMessage, type Completion, orchestratorApi, tiers } from '../contract/index.js';

const [upstream = '', redisUrl = '', port] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 256 });
const redis = await openRedis({ url: redisUrl, onError: console.error });
const limiter = new RedisRateLimiter(redis, { settleWithinMs: 5 });
const TOKENS = 1_000;
const { timeoutMs } = orchestratorApi.invoke;
const BOUNDS = {
  signal: new ClientSignal(),
  timeoutMs,
  late: () => new Error('late'),
  failed: (error: Error) => error,
};
/** So many that none comes to its limits. */
const USERS = 2_000;
let next = 0;

const app = fastify();
app.post<{ Body: { messages: ChatMessage[] } }>('/v1/chat/completions', async ({ body }) => {
  const user = `bare-${next++ % USERS}`;
  const admission = await limiter.admitBy(user, TOKENS, tiers.enterprise);
  if (!admission.admitted) throw new Error(`${user} is over the limit.`);
  const request = {
    path: orchestratorApi.invoke.path,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: body.messages }),
  } as const;
  const { text } = await askWhole(pool, request, BOUNDS);
  const { content, usage } = JSON.parse(text) as Completion;
  limiter.settleBy(user, usage.input_tokens + usage.output_tokens - TOKENS, tiers.enterprise).catch(console.error);
  return { choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }], usage };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
