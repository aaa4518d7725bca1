import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canaryHttpRoutes } from './canary-http-routes.js';
import { canaryReleaseSpec } from './canary-release.js';

const spec = canaryReleaseSpec.parse({
  service: 'translator',
  port: 7000,
  timeoutMs: 1500,
  betaHeader: { name: 'X-Beta-User', value: 'true' },
  slots: [
    { version: 'v1', deployment: 'translator' },
    { version: 'v2', deployment: 'translator-v2' },
  ],
});
const split = { stable: 'v1', canary: 'v2', percent: 5, mirrorPercent: 0, beta: true };

describe('the routes that a controller writes', () => {
  test('send beta users to the canary, and of the others its share', () => {
    expect(canaryHttpRoutes(spec, split)).toMatchObject([
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
    ]);
  });

  test.each([
    ['no canary is being tried', spec, { ...split, beta: false }],
    ['the release knows no header', { ...spec, betaHeader: undefined }, split],
  ])('know no beta users while %s', (_, one, divided) => {
    expect(canaryHttpRoutes(one, divided).map(({ name }) => name)).toEqual(['split']);
  });

  test('send mirrored requests to the stable release, and a share of them to the canary a second time', () => {
    expect(canaryHttpRoutes(spec, { ...split, percent: 0, mirrorPercent: 20, beta: false })).toMatchObject([
      {
        route: [
          { destination: { subset: 'v1' }, weight: 100 },
          { destination: { subset: 'v2' }, weight: 0 },
        ],
        mirror: { host: 'translator', subset: 'v2', port: { number: 7000 } },
        mirrorPercentage: { value: 20 },
      },
    ]);
  });

  test('mirror nothing where no share is mirrored', () => {
    expect(canaryHttpRoutes(spec, split).some((route) => 'mirror' in route)).toBe(false);
  });

  test('never let Istio send a request twice, and end it in time', () => {
    const bounds = canaryHttpRoutes(spec, split).map(({ timeout, retries }) => ({ timeout, retries }));
    expect(bounds).toEqual(Array(2).fill({ timeout: '1500ms', retries: { attempts: 0 } }));
  });

  test('have weights that sum to 100, of which the canary has its share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
        const [stable, canary] = canaryHttpRoutes(spec, { ...split, percent }).at(-1)?.route ?? [];
        expect([stable?.weight, canary?.weight]).toEqual([100 - percent, percent]);
      }),
    );
  });
});
