import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image } from '../../test/support/own-contract.js';
import { KubeStateMetrics } from './kube-state-metrics.js';

const chart = emptyChart();
const spec = { name: 'clock', port: 7400, metricsPort: 7400, metricsPath: '/metrics', metrics: [] };
const built = new KubeStateMetrics(chart, 'clock', { platform: testPlatform(), spec, image, ownPort: 7401 });
const manifests = manifestsIn(chart);

describe('kube-state-metrics', () => {
  test('may list the CronJobs of its own namespace, and nothing else', () => {
    expect(find(manifests, 'Role').rules).toEqual([
      { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['list', 'watch'] },
    ]);
    expect(manifests.filter(({ kind }) => kind.startsWith('ClusterRole'))).toEqual([]);
    const args = at(find(manifests, 'Deployment'), 'spec.template.spec.containers.0.args');
    expect(args).toEqual(expect.arrayContaining(['--namespaces=team', '--resources=cronjobs']));
  });

  test('is scraped at its port, and ready once it tells of itself at the other', () => {
    expect(built.scrapeTarget).toMatchObject({ name: 'clock', port: 7400, path: '/metrics' });
    const container = at(find(manifests, 'Deployment'), 'spec.template.spec.containers.0');
    expect(at(container, 'readinessProbe.httpGet')).toEqual({ path: '/readyz', port: 'own' });
    expect(at(container, 'livenessProbe.httpGet')).toEqual({ path: '/healthz', port: 'http' });
  });

  test('keeps telling while one of its two pods is moved', () => {
    expect(at(find(manifests, 'Deployment'), 'spec.replicas')).toBe(2);
    expect(find(manifests, 'PodDisruptionBudget')).toBeDefined();
  });
});
