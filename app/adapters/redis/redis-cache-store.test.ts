import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { cacheKey } from '../../cache/cache-key.js';
import { TieredCache } from '../../cache/tiered-cache.js';
import { openRedis } from './open-redis.js';
import { RedisCacheStore } from './redis-cache-store.js';

const COMMAND_TIMEOUT_MS = 20;

/** A Redis that says OK to whatever it is told, and nothing any more once it is mute. */
async function startMutableRedis() {
  const sockets = new Set<Socket>();
  const redis = { mute: false, port: 0, stop: async () => {} };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (data) => {
      const commands = data.toString().match(/^\*\d+\r$/gm)?.length ?? 0;
      if (!redis.mute) socket.write('+OK\r\n'.repeat(commands));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  redis.port = (server.address() as AddressInfo).port;
  redis.stop = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return redis;
}

it('goes on without a Redis that hangs: one look-up waits for its time, those after it for nothing', async () => {
  const server = await startMutableRedis();
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const redis = await openRedis({
    url: `redis://127.0.0.1:${server.port}`,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    whenAway: 'fail',
    onError,
  });
  const store = new RedisCacheStore(redis, () => undefined);
  const cache = new TieredCache({ store, clock: () => 0, onStoreError: onError, onRefreshError: onError });
  try {
    server.mute = true;
    for (const input of ['a', 'b', 'c']) {
      const key = cacheKey('rag', { tenant: 'acme' }, input);
      expect(await cache.getOrCompute(key, async () => input)).toMatchObject({ value: input, level: 'source' });
    }
    expect(errors).toEqual([new Error('Command timed out')]);
  } finally {
    cache.close();
    redis.disconnect();
    await store.close();
    await server.stop();
  }
});
