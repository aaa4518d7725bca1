import { expect, test } from '@jest/globals';
import { ApiObject, App } from 'cdk8s';
import { checkManifests, type Manifest } from '../../constructs/index.js';
import { ENVIRONMENT_NAMES, type EnvironmentName, environments } from './index.js';

function manifestsIn(name: EnvironmentName): Manifest[] {
  const objects = new environments[name](new App({ outdir: '.' })).node.findAll().filter(ApiObject.isApiObject);
  return objects.map((object) => ({ value: object.toJson(), constructPath: object.node.path }));
}

test.each(ENVIRONMENT_NAMES)('no rule has anything against %s', (name) => {
  const manifests = manifestsIn(name);
  expect(manifests.length).toBeGreaterThan(50);
  expect(checkManifests(manifests)).toEqual([]);
});

test('an autoscaler whose metric lost its adapter rule is found in production', () => {
  const manifests = manifestsIn('production').map((manifest) =>
    manifest.constructPath?.includes('metrics-adapter') && manifest.value.kind === 'ConfigMap'
      ? { ...manifest, value: { ...manifest.value, data: { 'config.yaml': 'rules: [{seriesQuery: other}]' } } }
      : manifest,
  );
  const rules = new Set(checkManifests(manifests).map(({ rule }) => rule));
  expect(rules).toEqual(new Set(['metric-not-served']));
});
