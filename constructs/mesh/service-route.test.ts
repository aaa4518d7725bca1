import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translatorProps } from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { Mesh } from './mesh.js';
import { ServiceRoute, type ServiceRouteProps } from './service-route.js';

function route(own: Partial<ServiceRouteProps> = {}, mesh = Mesh.sidecar({ cni: true })) {
  const chart = emptyChart();
  const service = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform({ mesh }) });
  new ServiceRoute(chart, 'route', { service, timeoutMs: 1500, idleTimeoutSeconds: 60, ...own });
  return manifestsIn(chart);
}

describe('ServiceRoute', () => {
  test('sends again only requests that change nothing, and only while no answer has begun', () => {
    const destination = { host: 'translator', port: { number: 7000 } };
    expect(at(find(route(), 'VirtualService'), 'spec')).toEqual({
      hosts: ['translator'],
      gateways: ['mesh'],
      http: [
        {
          name: 'safe',
          match: [{ method: { regex: 'GET|HEAD' } }],
          route: [{ destination }],
          timeout: '1500ms',
          retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,reset-before-request' },
        },
        { name: 'rest', route: [{ destination }], timeout: '1500ms', retries: { attempts: 0 } },
      ],
    });
  });

  test('bounds connections and puts failing pods aside, never more than half of them', () => {
    expect(at(find(route({ maxConnections: 7 }), 'DestinationRule'), 'spec')).toMatchObject({
      host: 'translator',
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 7, connectTimeout: '2s' }, http: { idleTimeout: '60s' } },
        outlierDetection: { consecutive5xxErrors: 10, maxEjectionPercent: 50, minHealthPercent: 50 },
      },
    });
  });

  test('is refused where no proxy would follow it', () => {
    expect(() => route({}, Mesh.none('a test'))).toThrow(/needs a proxy at each caller, and the mesh is "none"/);
    expect(() => route({}, Mesh.ambient())).toThrow(/the mesh is "ambient"/);
  });
});
