import { expect, test } from '@jest/globals';
import { ApiObject, App, Chart } from 'cdk8s';
import { checkOnSynth } from './validate-on-synth.js';

/** An app whose Service, in one chart, is to select what another chart has. */
function appWithService(selector: Record<string, string>): App {
  const app = new App({ outdir: '.' });
  new ApiObject(new Chart(app, 'traffic'), 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', namespace: 'team' },
    spec: { clusterIP: 'None', selector },
  });
  new ApiObject(new Chart(app, 'workloads'), 'set', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'shop', namespace: 'team' },
    spec: {
      selector: { matchLabels: { app: 'shop' } },
      template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [] } },
    },
  });
  checkOnSynth(app);
  return app;
}

test('synthesis fails on an error, with the path of the construct and the fix', () => {
  expect(() => appWithService({ app: 'shoop' }).synthYaml()).toThrow(
    /traffic\/service: Service\/team\/shop breaks dangling-service: .*app=shoop\. Fix: /,
  );
});

test('synthesis goes on where there are only warnings, and what one chart names may be in another', () => {
  expect(appWithService({ app: 'shop' }).synthYaml()).toContain('kind: Service');
});
