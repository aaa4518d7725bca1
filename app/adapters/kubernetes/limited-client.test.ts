import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import { limitedClient } from './limited-client.js';

let server: Server;
let config: KubeConfig;
let answers: boolean;

beforeEach(async () => {
  answers = false;
  server = createServer((_request, response) => {
    if (answers) response.setHeader('Content-Type', 'application/json').end('{"spec":{"replicas":3}}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'here', server: url, skipTLSVerify: true }, { name: 'me', token: 'mine' });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const read = (callMs: number) =>
  limitedClient(config, AppsV1Api, callMs).readNamespacedDeployment({ name: 'chat', namespace: 'llm' });

it('gives up a server that takes a call and never answers, and says which call', async () => {
  await expect(read(50)).rejects.toThrow(
    'The API server did not answer GET /apis/apps/v1/namespaces/llm/deployments/chat within 50 ms.',
  );
});

it('has the answer of one that does', async () => {
  answers = true;
  expect((await read(10_000)).spec?.replicas).toBe(3);
});

it('says what to do where kubectl has no cluster', () => {
  expect(() => limitedClient(new KubeConfig(), AppsV1Api, 50)).toThrow('kubectl config use-context');
});
