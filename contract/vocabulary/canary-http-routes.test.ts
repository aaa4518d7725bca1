import { expect, test } from '@jest/globals';
import { canaryHttpRoutes } from './canary-http-routes.js';
import { canaryReleaseSpec } from './canary-release.js';

const spec = canaryReleaseSpec.parse({
  service: 'chat',
  port: 8081,
  timeoutMs: 1500,
  betaHeader: { name: 'X-Beta-User', value: 'true' },
  slots: ['v1', 'v2'].map((version) => ({ version, deployment: version })),
});
const begun = { stable: 'v1', canary: 'v2', percent: 0, mirrorPercent: 0, beta: false };
const to = (subset: string) => ({ host: 'chat', subset, port: { number: 8081 } });

test('mirrored requests go to the stable release, and a share of them to the canary a second time', () => {
  expect(canaryHttpRoutes(spec, { ...begun, mirrorPercent: 20 })).toEqual([
    {
      name: 'split',
      route: [
        { destination: to('v1'), weight: 100 },
        { destination: to('v2'), weight: 0 },
      ],
      timeout: '1500ms',
      retries: { attempts: 0 },
      mirror: to('v2'),
      mirrorPercentage: { value: 20 },
    },
  ]);
});

test('nothing is mirrored once the canary has a share, and beta users go to it', () => {
  const routes = canaryHttpRoutes(spec, { ...begun, percent: 5, beta: true });
  expect(routes.map(({ name, route }) => [name, route?.map(({ weight }) => weight)])).toEqual([
    ['beta', [100]],
    ['split', [95, 5]],
  ]);
  expect(routes.some((route) => 'mirror' in route)).toBe(false);
});
