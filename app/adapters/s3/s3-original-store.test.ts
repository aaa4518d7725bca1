import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { S3OriginalStore } from './s3-original-store.js';

describe('a store that takes connections and never answers', () => {
  it('is given up once the time is over', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const store = new S3OriginalStore({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'here',
      bucket: 'documents',
      accessKeyId: 'id',
      secretAccessKey: 'key',
      requestTimeoutMs: 50,
    });
    try {
      await expect(store.check()).rejects.toMatchObject({ name: 'TimeoutError' });
    } finally {
      await store.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
