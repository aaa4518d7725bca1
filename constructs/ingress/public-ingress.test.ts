import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translator } from '../../test/support/own-contract.js';
import { type IngressChoice, ingressChoice } from './ingress-choice.js';
import { PublicIngress } from './public-ingress.js';

const gateway = PublicIngress.gateway({ host: 'words.example.org', clusterIssuer: 'issuer' });
const nginx = PublicIngress.nginx({
  host: 'words.example.org',
  clusterIssuer: 'issuer',
  requestsPerSecond: 20,
  connections: 5,
});

function entrance(ingress: IngressChoice) {
  const chart = emptyChart();
  new PublicIngress(chart, 'ingress', {
    platform: testPlatform(),
    service: translator,
    paths: ['/words', '/live'],
    webSocketPaths: ['/live'],
    timeoutMs: 30_000,
    ingress,
  });
  return manifestsIn(chart);
}

describe('PublicIngress.gateway', () => {
  test('speaks TLS of this decade, and sends plain HTTP there', () => {
    expect(at(find(entrance(gateway), 'Gateway'), 'spec')).toMatchObject({
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          hosts: ['words.example.org'],
          port: { number: 443, protocol: 'HTTPS' },
          tls: { mode: 'SIMPLE', credentialName: 'team-public-tls', minProtocolVersion: 'TLSV1_2' },
        },
        { hosts: ['words.example.org'], port: { number: 80, protocol: 'HTTP' }, tls: { httpsRedirect: true } },
      ],
    });
  });

  test('has its certificate made where the gateway reads it', () => {
    expect(find(entrance(gateway), 'Certificate')).toMatchObject({
      metadata: { namespace: 'istio-ingress' },
      spec: {
        secretName: 'team-public-tls',
        dnsNames: ['words.example.org'],
        issuerRef: { kind: 'ClusterIssuer', name: 'issuer' },
      },
    });
  });

  test('lets the listed paths through and no other, and never times a WebSocket out', () => {
    const route = [{ destination: { host: 'translator', port: { number: 7000 } } }];
    expect(at(find(entrance(gateway), 'VirtualService'), 'spec.http')).toEqual([
      { name: 'websocket', match: [{ uri: { prefix: '/live' } }], route, retries: { attempts: 0 } },
      { name: 'requests', match: [{ uri: { prefix: '/words' } }], route, timeout: '30s', retries: { attempts: 0 } },
    ]);
  });
});

describe('PublicIngress.nginx', () => {
  test('has TLS, a limit per address and the class as a field', () => {
    const ingress = find(entrance(nginx), 'Ingress');
    expect(ingress.metadata.annotations).toMatchObject({
      'cert-manager.io/cluster-issuer': 'issuer',
      'nginx.ingress.kubernetes.io/limit-rps': '20',
      'nginx.ingress.kubernetes.io/limit-connections': '5',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '30',
    });
    expect(ingress.metadata.annotations).not.toHaveProperty(['kubernetes.io/ingress.class']);
    expect(at(ingress, 'spec')).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['words.example.org'], secretName: 'team-public-tls' }],
      rules: [{ host: 'words.example.org', http: { paths: [{ path: '/words' }, { path: '/live' }] } }],
    });
  });
});

describe('the entrance', () => {
  test('can be left out, with the reason', () => {
    expect(entrance(PublicIngress.none('a test'))).toEqual([]);
    expect(ingressChoice.safeParse(PublicIngress.none('')).success).toBe(false);
  });

  test('tells who must reach the service', () => {
    expect([gateway, nginx, PublicIngress.none('a test')].map(PublicIngress.callerOf)).toEqual([
      { kind: 'pods-elsewhere', namespace: 'istio-ingress', labels: { istio: 'ingressgateway' } },
      expect.objectContaining({ kind: 'pods-elsewhere', namespace: 'ingress-nginx' }),
      undefined,
    ]);
  });
});
