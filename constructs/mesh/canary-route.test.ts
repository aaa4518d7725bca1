import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translatorProps } from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { CanaryRoute, type CanaryRouteProps } from './canary-route.js';
import { Mesh } from './mesh.js';
import { trafficPolicy } from './traffic-policy.js';

function route(own: Partial<CanaryRouteProps> = {}, mesh = Mesh.sidecar({ cni: true })) {
  const chart = emptyChart();
  const service = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform({ mesh }) });
  const canary = service.addRelease({ ...translatorProps, version: 'v2' });
  const betaHeader = { name: 'X-Beta-User', value: 'true' };
  const props = { service, canary, canaryPercent: 5, betaHeader, timeoutMs: 1500, idleTimeoutSeconds: 60 };
  const build = () => new CanaryRoute(chart, 'route', { ...props, ...own });
  return { build, service, manifests: () => manifestsIn(chart) };
}

describe('CanaryRoute', () => {
  test('sends beta users to the canary, and of the others its share', () => {
    const { build, manifests } = route();
    build();
    expect(at(find(manifests(), 'VirtualService'), 'spec')).toMatchObject({
      hosts: ['translator'],
      gateways: ['mesh'],
      http: [
        {
          match: [{ headers: { 'x-beta-user': { exact: 'true' } } }],
          route: [{ destination: { host: 'translator', subset: 'v2' }, weight: 100 }],
        },
        {
          route: [
            { destination: { subset: 'v1', port: { number: 7000 } }, weight: 95 },
            { destination: { subset: 'v2', port: { number: 7000 } }, weight: 5 },
          ],
        },
      ],
    });
  });

  test('tells releases apart by the version label that their pods carry', () => {
    const { build, manifests } = route();
    build();
    expect(at(find(manifests(), 'DestinationRule'), 'spec')).toEqual({
      host: 'translator',
      trafficPolicy: trafficPolicy({ idleTimeoutSeconds: 60 }),
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    });
    for (const [name, version] of [
      ['translator', 'v1'],
      ['translator-v2', 'v2'],
    ] as const) {
      expect(at(find(manifests(), 'Deployment', name), 'spec.template.metadata.labels.version')).toBe(version);
    }
  });

  test('never lets Istio send a request twice, and ends it in time', () => {
    const { build, manifests } = route();
    build();
    const routes = at(find(manifests(), 'VirtualService'), 'spec.http');
    expect(routes).toMatchObject([
      { timeout: '1500ms', retries: { attempts: 0 } },
      { timeout: '1500ms', retries: { attempts: 0 } },
    ]);
  });

  test('has weights that always sum to 100', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (canaryPercent) => {
        const { build, manifests } = route({ canaryPercent });
        build();
        const [stable, canary] = [0, 1].map((i) =>
          at(find(manifests(), 'VirtualService'), `spec.http.1.route.${i}.weight`),
        );
        expect(canary).toBe(canaryPercent);
        expect(Number(stable) + Number(canary)).toBe(100);
      }),
      { numRuns: 10 },
    );
  });

  test.each([-1, 101, 2.5, Number.NaN])('refuses a share of %p %%', (canaryPercent) => {
    expect(route({ canaryPercent }).build).toThrow(/is not a whole number from 0 to 100/);
  });

  test('refuses a canary that is the stable release, or another service’s', () => {
    const { service } = route();
    expect(route({ service, canary: service.stable }).build).toThrow(
      /"v1" is no second release of translator.*addRelease/,
    );
    const [, other] = route().service.releases;
    expect(other && route({ canary: other }).build).toThrow(/is no second release/);
  });

  test('refuses to split where no proxy would', () => {
    expect(route({}, Mesh.none('a test')).build).toThrow(/mesh is "none".*Mesh.sidecar/);
    expect(route({}, Mesh.ambient()).build).toThrow(/mesh is "ambient"/);
  });
});
