import { expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Mesh, PublicIngress } from '../constructs/index.js';
import { Production, production } from './environments/index.js';
import { manifestsOf, objectsOf } from './manifests.js';

test('objects of a chart are those that the chart itself gives, in its order', () => {
  const charts = new Production(new App({ outdir: '.' })).node.children.filter((child) => Chart.isChart(child));
  expect(objectsOf(charts)).toEqual(charts.map((chart) => chart.toJson()));
});

test('warnings of an environment name the construct; the environments as shipped have none', () => {
  const ingress = PublicIngress.nginx({
    host: 'llm.example.com',
    clusterIssuer: 'letsencrypt',
    requestsPerSecond: 50,
    connections: 20,
  });
  class BehindNginx extends Production {
    constructor(scope: Construct) {
      super(scope, { ...production, canary: undefined, mesh: Mesh.none('nginx is no member'), ingress });
    }
  }
  expect(manifestsOf(BehindNginx).warnings).toEqual([
    expect.stringMatching(/^production.*traffic.ingress.nginx: upstream archived/),
  ]);
  expect(manifestsOf(Production).warnings).toEqual([]);
});
