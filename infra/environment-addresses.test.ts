import { expect, test } from '@jest/globals';
import { environmentAddresses } from './environment-addresses.js';
import { manifest } from './manifest.fixture.js';

const https = { port: { number: 443, protocol: 'HTTPS' } };

test('an entrance is told by the hosts that it serves over HTTPS, each once', () => {
  const gateway = manifest('Gateway', 'public', {
    spec: {
      servers: [
        { port: { number: 80, protocol: 'HTTP' }, hosts: ['old.example.com'] },
        { ...https, hosts: ['llm.example.com'] },
      ],
    },
  });
  const ingress = manifest('Ingress', 'public', { spec: { tls: [{ hosts: ['llm.example.com', 'api.example.com'] }] } });
  expect(environmentAddresses([gateway, ingress]).urls).toEqual(['https://llm.example.com', 'https://api.example.com']);
});

test('a gateway of the Gateway API is told by the host of its HTTPS listener', () => {
  const listeners = [
    { protocol: 'HTTP', hostname: 'old.example.com' },
    { protocol: 'HTTPS', hostname: 'llm.example.com' },
    { protocol: 'HTTPS' },
  ];
  expect(environmentAddresses([manifest('Gateway', 'public', { spec: { listeners } })]).urls).toEqual([
    'https://llm.example.com',
  ]);
});

test('a host of a gateway may say in which namespace it is looked for, or be any', () => {
  const gateway = manifest('Gateway', 'public', {
    spec: { servers: [{ ...https, hosts: ['team/llm.example.com', '*', '*/*'] }] },
  });
  expect(environmentAddresses([gateway]).urls).toEqual(['https://llm.example.com']);
});

test('a Service is told by its name and port', () => {
  const ports = [{ name: 'http', port: 8080 }, { port: 9090 }];
  expect(environmentAddresses([manifest('Service', 'chat', { spec: { ports } })]).endpoints).toEqual({
    'chat/http': 'chat.team.svc:8080',
    'chat/9090': 'chat.team.svc:9090',
  });
});

test('a headless Service is no address', () => {
  const headless = manifest('Service', 'db-nodes', {
    spec: { clusterIP: 'None', ports: [{ name: 'postgres', port: 5432 }] },
  });
  expect(environmentAddresses([headless])).toEqual({ urls: [], endpoints: {} });
});
