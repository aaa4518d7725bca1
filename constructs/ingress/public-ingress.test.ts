import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translator } from '../../test/support/own-contract.js';
import { warningsOf } from '../warning.js';
import { type IngressChoice, ingressChoice } from './ingress-choice.js';
import { PublicIngress } from './public-ingress.js';

const gateway = PublicIngress.gateway({ host: 'words.example.org', clusterIssuer: 'issuer' });
const nginx = PublicIngress.nginx({
  host: 'words.example.org',
  clusterIssuer: 'issuer',
  requestsPerSecond: 20,
  connections: 5,
});

const props = {
  platform: testPlatform(),
  service: translator,
  paths: ['/words', '/live'],
  webSocketPaths: ['/live'],
  timeoutMs: 30_000,
  idleTimeoutSeconds: 60,
};

function entrance(ingress: IngressChoice) {
  const chart = emptyChart();
  new PublicIngress(chart, 'ingress', { ...props, ingress });
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

describe('PublicIngress.gatewayApi', () => {
  const gatewayApi = PublicIngress.gatewayApi({ host: 'words.example.org', clusterIssuer: 'issuer' });

  test('listens with TLS beside the gateway’s pods, for routes of the platform’s namespace alone', () => {
    const gateway = find(entrance(gatewayApi), 'Gateway');
    expect(gateway.metadata).toMatchObject({ name: 'public', namespace: 'istio-ingress' });
    const certificate = find(entrance(gatewayApi), 'Certificate');
    expect(certificate.metadata.namespace).toBe('istio-ingress');
    expect(at(gateway, 'spec')).toMatchObject({
      gatewayClassName: 'istio',
      listeners: [
        {
          hostname: 'words.example.org',
          port: 443,
          protocol: 'HTTPS',
          tls: { mode: 'Terminate', certificateRefs: [{ name: at(certificate, 'spec.secretName') }] },
          allowedRoutes: {
            namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } },
          },
        },
        { hostname: 'words.example.org', port: 80, protocol: 'HTTP' },
      ],
    });
  });

  test('lets the listed paths through over TLS and no other, never times a WebSocket out, and redirects plain HTTP', () => {
    const backendRefs = [{ name: 'translator', port: 7000 }];
    const path = (value: string) => [{ path: { type: 'PathPrefix', value } }];
    expect(at(find(entrance(gatewayApi), 'HTTPRoute', 'public'), 'spec')).toEqual({
      parentRefs: [{ name: 'public', namespace: 'istio-ingress', sectionName: 'https' }],
      hostnames: ['words.example.org'],
      rules: [
        { matches: path('/live'), backendRefs },
        { matches: path('/words'), backendRefs, timeouts: { request: '30s' } },
      ],
    });
    expect(at(find(entrance(gatewayApi), 'HTTPRoute', 'public-redirect'), 'spec')).toMatchObject({
      parentRefs: [{ sectionName: 'http' }],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    });
  });

  test('bounds the gateway’s connections where its class is Istio’s, which alone can be told', () => {
    const other = PublicIngress.gatewayApi({
      host: 'words.example.org',
      clusterIssuer: 'issuer',
      gatewayClassName: 'envoy',
    });
    const rulesOf = (ingress: IngressChoice) => entrance(ingress).filter(({ kind }) => kind === 'DestinationRule');
    expect(rulesOf(gatewayApi)).toMatchObject([
      { spec: { host: 'translator', trafficPolicy: { connectionPool: { http: { idleTimeout: '60s' } } } } },
    ]);
    expect(rulesOf(other)).toEqual([]);
  });

  test('names the pods that its controller makes, so that policies let them in', () => {
    const other = PublicIngress.gatewayApi({ host: 'a.example.org', clusterIssuer: 'issuer', gatewayName: 'words' });
    expect(other.gatewayServiceAccount).toBe('words-istio');
    expect(PublicIngress.callerOf(other)).toMatchObject({
      namespace: 'istio-ingress',
      labels: { 'gateway.networking.k8s.io/gateway-name': 'words' },
    });
  });
});

describe('PublicIngress.nginx', () => {
  test('warns that nobody mends it any more', () => {
    const chart = emptyChart();
    new PublicIngress(chart, 'ingress', { ...props, ingress: nginx });
    expect(warningsOf(chart)).toEqual([
      expect.stringMatching(/ingress\/nginx: upstream archived ingress-nginx in 2026.*Fix: PublicIngress.gateway/),
    ]);
  });

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
