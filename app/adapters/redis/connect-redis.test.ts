import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { rag } from '../../../contract/index.js';
import { ManualTime } from '../../../test/support/manual-time.js';
import { testOptions } from '../../runtime/service.fixture.js';
import { StoreConnections } from '../../runtime/store-connections.js';
import { connectRedis } from './connect-redis.js';
import { RedisTaskEvents } from './redis-task-events.js';

/** A port of loopback that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a Redis that a process serves without', () => {
  it('is not waited for at the start, fails its commands, and does not hold up the end', async () => {
    const logger = pino({ enabled: false });
    const stores = new StoreConnections({ logger, timers: new ManualTime(), stopping: new AbortController().signal });
    const redis = await connectRedis(
      {
        settings: {
          redisUrl: `redis://127.0.0.1:${await closedPort()}`,
          redisPassword: 'x',
          redisSentinels: undefined,
        },
        stores,
        options: testOptions(rag),
      },
      { essential: false, whenAway: 'fail' },
    );
    expect(stores.awaited).toEqual([]);
    expect(stores.checks).toEqual([]);
    await expect(redis.get('key')).rejects.toThrow();
    const events = new RedisTaskEvents(redis, () => undefined);
    await events.close();
    const ended = once(redis, 'end');
    await stores.close();
    await ended;
  });
});
