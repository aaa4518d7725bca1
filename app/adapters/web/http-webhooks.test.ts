import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { httpWebhooks } from './http-webhooks.js';

let server: Server;
let status: number | 'silence';
let heard: string;
const call = {
  type: 'pre-rollout',
  release: 'chat',
  phase: 'Progressing',
  stable: 'v1',
  canary: 'v2',
  revision: 'b',
  percent: 0,
  reason: 'new',
} as const;

beforeEach(async () => {
  server = createServer(async (request, response) => {
    heard = `${request.method} ${request.url} ${await text(request)}`;
    if (status !== 'silence') response.writeHead(status, { Location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((closed) => server.close(closed));
});

const ask = () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return httpWebhooks.call(
    { name: 'load-test', type: 'pre-rollout', url, timeoutSeconds: status === 'silence' ? 0.05 : 10 },
    call,
  );
};

it('tells by POST what is asked, and takes any 2xx for yes', async () => {
  status = 204;
  await ask();
  expect(heard).toBe(`POST /hook ${JSON.stringify(call)}`);
});

it.each([
  [503, 'answered 503'],
  [302, 'answered 302'],
  ['silence', 'did not answer within 0.05 s'],
] as const)('takes %s for no', async (answer, message) => {
  status = answer;
  await expect(ask()).rejects.toThrow(message);
});

it('takes an address where nobody listens for no', async () => {
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const url = `http://127.0.0.1:${port}/hook`;
  await expect(httpWebhooks.call({ name: 'a', type: 'pre-rollout', url, timeoutSeconds: 5 }, call)).rejects.toThrow(
    'could not be reached',
  );
});
