import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { openRedis } from './open-redis.js';

/** Answers as the driver needs it to be ready, and nothing of what it is asked then. */
function answerUntilReady(socket: Socket): void {
  socket.on('data', (asked) => {
    for (const [command] of String(asked).matchAll(/SETINFO|\*1\r\n\$4\r\ninfo/g)) {
      socket.write(command === 'SETINFO' ? '+OK\r\n' : '$9\r\nloading:0\r\n');
    }
  });
}

it('lets go of a Redis that does not tell what it is: whoever asks again opens another connection', async () => {
  const server = createServer(answerUntilReady).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opening = openRedis({ url, commandTimeoutMs: 100, onError: () => undefined }).catch((error: unknown) => error);
  const [socket]: Socket[] = await once(server, 'connection');
  const closed = socket && once(socket, 'close');
  expect(await opening).toMatchObject({ message: 'Command timed out' });
  await closed;
  server.close();
});
