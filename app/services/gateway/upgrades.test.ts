import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { askGateway, gatewayUnderTest } from './gateway.fixture.js';

let app: FastifyInstance;
beforeAll(async () => {
  app = await gatewayUnderTest();
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

/** What is answered, to its end. */
async function send(...parts: string[]): Promise<string> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  for (const part of parts) await new Promise<void>((sent) => socket.write(part, () => sent()));
  return text(socket);
}

const head = (method: string, length: number) =>
  [
    `${method} /v1/chat/completions HTTP/1.1`,
    'Host: a',
    'Connection: Upgrade, HTTP2-Settings, close',
    'Upgrade: h2c',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    'Content-Type: application/json',
    'X-Request-Id: mine',
    `Content-Length: ${length}\r\n\r\n`,
  ].join('\r\n');

// Java's client asks for it with every request; the WebSocket server answered 400, and took the body for frames.
it.each([
  ['with its body', [`${head('POST', 5)}{"a":`], 401, 'invalid_token'],
  ['and its body after it', [head('POST', 5), '{"a', '":'], 401, 'invalid_token'],
  ['without one', [head('GET', 0)], 405, 'method_not_allowed'],
])('a request that asks for HTTP/2 too, sent %s, is answered as any other', async (_, parts, status, code) => {
  const [said = '', body = ''] = (await send(...parts)).split('\r\n\r\n');
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} .*x-request-id: mine\\r\\n`, 's'));
  expect(JSON.parse(body).error.code).toBe(code);
});

it('whoever asks the WebSocket’s address in plain HTTP is told what it is', async () => {
  const answer = await askGateway(app, '/ws/chat?x=1');
  expect([answer.statusCode, answer.headers.upgrade, answer.json().error.code]).toEqual([
    426,
    'websocket',
    'upgrade_required',
  ]);
});
