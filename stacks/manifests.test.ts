import { expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { Production } from './environments/index.js';
import { objectsOf } from './manifests.js';

test('objects of a chart are those that the chart itself gives, in its order', () => {
  const charts = new Production(new App({ outdir: '.' })).node.children.filter((child) => Chart.isChart(child));
  expect(objectsOf(charts)).toEqual(charts.map((chart) => chart.toJson()));
});
