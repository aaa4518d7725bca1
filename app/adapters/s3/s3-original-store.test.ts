import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isStoreAway } from '../../runtime/is-store-away.js';
import { S3OriginalStore } from './s3-original-store.js';

let server: Server;
let store: S3OriginalStore;
const sockets: Socket[] = [];

async function open(one: Server, requestTimeoutMs?: number): Promise<S3OriginalStore> {
  server = one.listen(0, '127.0.0.1').on('connection', (socket) => sockets.push(socket));
  await once(server, 'listening');
  store = new S3OriginalStore({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'here',
    bucket: 'documents',
    accessKeyId: 'id',
    secretAccessKey: 'key',
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
  return store;
}

/** One that gives every request the same answer, and to HEAD no words. */
const answering = (status: number) => createHttpServer((_request, response) => response.writeHead(status).end());

afterEach(async () => {
  await store.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

describe('an object store', () => {
  it('that takes connections and never answers is given up once the time is over', async () => {
    const silent = await open(createServer(), 50);
    const error: unknown = await silent.check().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(isStoreAway(error)).toBe(true);
  });

  it('that refuses the access key is told with the bucket, the status and the fix', async () => {
    const refusing = await open(answering(403));
    await expect(refusing.prepare()).rejects.toThrow(
      'The bucket "documents" is answered with 403. Check its access key, and what that key may do with the bucket.',
    );
  });

  it('that can serve nobody now is away', async () => {
    const busy = await open(answering(503));
    const error: unknown = await busy.prepare().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'The bucket "documents" is answered with 503.' });
    expect(isStoreAway(error)).toBe(true);
  });
});
