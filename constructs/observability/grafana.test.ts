import { describe, expect, test } from '@jest/globals';
import { load as parse } from 'js-yaml';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, resources, translations } from '../../test/support/own-contract.js';
import { ratePanel } from './dashboard.js';
import { Dashboards, dashboardsChoice } from './dashboards-choice.js';
import { Grafana } from './grafana.js';

const spec = { name: 'gallery', port: 7500, metricsPort: 7500, metricsPath: '/metrics', metrics: [] };
const choice = Dashboards.grafana({ adminPassword: { secret: 'gallery', key: 'password' }, resources });

function build(title = 'Words', prometheusUrl = 'http://observer:7300') {
  const chart = emptyChart();
  const panels = [ratePanel('By language', translations, { by: ['language'], windowSeconds: 60 })];
  const grafana = new Grafana(chart, 'gallery', {
    platform: testPlatform(),
    spec,
    image,
    choice,
    prometheusUrl,
    intervalSeconds: 15,
    dashboards: [{ id: 'words', title, rows: [{ title: 'All', panels }] }],
  });
  return { grafana, manifests: manifestsIn(chart) };
}

describe('Grafana', () => {
  const { grafana, manifests } = build();
  const files = find(manifests, 'ConfigMap', 'gallery-configuration').data as Record<string, string>;
  const deployment = find(manifests, 'Deployment', 'gallery');
  const pod = at(deployment, 'spec.template.spec');

  test('asks the platform’s Prometheus and nobody else', () => {
    expect(at(parse(files['datasources.yaml'] ?? ''), 'datasources')).toMatchObject([
      {
        type: 'prometheus',
        url: 'http://observer:7300',
        isDefault: true,
        editable: false,
        jsonData: { timeInterval: '15s' },
      },
    ]);
    expect(files['grafana.ini']).toContain('reporting_enabled = false');
  });

  test('reads its dashboards, which nobody can change in it, from a folder that is mounted', () => {
    const provider = at(parse(files['dashboards.yaml'] ?? ''), 'providers.0');
    expect(provider).toMatchObject({ type: 'file', allowUiUpdates: false, disableDeletion: true });
    const folder = at(provider, 'options.path');
    expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({
      name: 'dashboards',
      mountPath: folder,
      readOnly: true,
    });
    expect(at(pod, 'volumes')).toContainEqual({ name: 'dashboards', configMap: { name: 'gallery-dashboards' } });
    const drawn = find(manifests, 'ConfigMap', 'gallery-dashboards').data as Record<string, string>;
    expect(Object.keys(drawn)).toEqual(['words.json']);
    expect(files['grafana.ini']).toContain(`default_home_dashboard_path = ${folder}/words.json`);
  });

  test('finds every file of its configuration where it looks for it', () => {
    expect(at(pod, 'volumes')).toContainEqual({
      name: 'configuration',
      configMap: {
        name: 'gallery-configuration',
        items: [
          { key: 'grafana.ini', path: 'grafana.ini' },
          { key: 'datasources.yaml', path: 'provisioning/datasources/datasources.yaml' },
          { key: 'dashboards.yaml', path: 'provisioning/dashboards/dashboards.yaml' },
        ],
      },
    });
    expect(Object.keys(files).sort()).toEqual(['dashboards.yaml', 'datasources.yaml', 'grafana.ini']);
  });

  test('has its password from a mounted file alone', () => {
    expect(files['grafana.ini']).toContain('admin_password = $__file{/var/run/secrets/armature/gallery/password}');
    expect(at(pod, 'containers.0.env')).toBeUndefined();
  });

  test('keeps nothing: what it writes goes with the pod', () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
    expect(at(pod, 'volumes')).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '256Mi' } });
    expect(at(pod, 'containers.0.securityContext.readOnlyRootFilesystem')).toBe(true);
  });

  test('sends a client back to the pod that knows its session', () => {
    expect(at(deployment, 'spec.replicas')).toBe(2);
    expect(find(manifests, 'Service', 'gallery')).toMatchObject({
      spec: { sessionAffinity: 'ClientIP', ports: [{ name: 'http', port: 7500, targetPort: 'http' }] },
    });
    expect(find(manifests, 'PodDisruptionBudget', 'gallery')).toBeDefined();
  });

  test('is scraped, and starts again when its configuration changes, not for another dashboard, which it looks for', () => {
    expect(grafana.scrapeTarget).toMatchObject({ name: 'gallery', port: 7500, path: '/metrics' });
    const checksum = (...own: Parameters<typeof build>) =>
      at(find(build(...own).manifests, 'Deployment'), 'spec.template.metadata.annotations.checksum/configuration');
    expect(checksum()).toBe(checksum('Other words'));
    expect(checksum()).not.toBe(checksum('Words', 'http://other:7300'));
    expect(at(parse(files['dashboards.yaml'] ?? ''), 'providers.0.updateIntervalSeconds')).toBe(30);
  });

  test('is left out with a reason only', () => {
    expect(dashboardsChoice.safeParse(Dashboards.none('nobody looks')).success).toBe(true);
    expect(dashboardsChoice.safeParse(Dashboards.none('')).error?.issues[0]?.message).toBe(
      'must say why nobody looks at dashboards',
    );
  });
});
