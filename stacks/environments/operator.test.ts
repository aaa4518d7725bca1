import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import {
  Alertmanager,
  checkManifests,
  Dashboards,
  Mesh,
  MetricsBackend,
  Monitoring,
  OperatorMonitoring,
} from '../../constructs/index.js';
import { metricsAdapter, services } from '../../contract/index.js';
import { at, find, type Manifest } from '../../test/support/cluster.js';
import { PlatformStack } from '../platform-stack.js';
import { Production, production } from './production.js';

const url = 'http://prometheus-operated.observers.svc:9090';
const monitoring = Monitoring.operator({
  labels: { release: 'observers' },
  url,
  namespace: 'observers',
  serviceAccount: 'prometheus',
  meshCertificates: '/etc/prom-certs',
});
const alerting = Alertmanager.none('the cluster has one');
const config = { ...production, monitoring, alerting };

function objectsOf(stack: PlatformStack): readonly Manifest[] {
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

const manifests = objectsOf(new PlatformStack(new App({ outdir: '.' }), config));
const theirs = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observers' } },
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
};

describe('production with the Prometheus operator', () => {
  test('has no Prometheus of its own, and a monitor for everything that this would scrape', () => {
    const own = objectsOf(new Production(new App({ outdir: '.' })));
    const text = (find(own, 'ConfigMap', 'prometheus-configuration').data as Record<string, string>)['prometheus.yaml'];
    const jobs = (at(load(text ?? ''), 'scrape_configs') as { job_name: string }[]).map(({ job_name }) => job_name);
    const monitors = manifests.filter(({ kind }) => ['PodMonitor', 'ServiceMonitor'].includes(kind));
    expect(monitors.map(({ metadata }) => metadata.name)).toEqual(jobs.filter((job) => job !== 'alertmanager'));
    expect(manifests.filter(({ metadata }) => metadata.name.startsWith('prometheus-configuration'))).toEqual([]);
    expect(manifests.filter(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'prometheus')).toEqual(
      [],
    );
  });

  test('has the same rules, but for its Alertmanager', () => {
    const own = objectsOf(new PlatformStack(new App({ outdir: '.' }), { ...production, alerting }));
    const text = (find(own, 'ConfigMap', 'prometheus-configuration').data as Record<string, string>)['rules.yaml'];
    const groups = at(find(manifests, 'PrometheusRule'), 'spec.groups') as { rules: object[] }[];
    expect(groups.map(({ rules }) => rules)).toEqual(
      (at(load(text ?? ''), 'groups') as { rules: object[] }[]).map(({ rules }) => rules),
    );
  });

  test('has it asked by the adapter, the canary controller and Grafana', () => {
    const args = at(find(manifests, 'Deployment', metricsAdapter.name), 'spec.template.spec.containers.0.args');
    expect(args).toContain(`--prometheus-url=${url}`);
    expect(find(manifests, 'ConfigMap', 'canary-settings')).toMatchObject({ data: { PROMETHEUS_URL: url } });
    const files = find(manifests, 'ConfigMap', 'grafana-configuration').data as Record<string, string>;
    expect(at(load(files['datasources.yaml'] ?? ''), 'datasources.0.url')).toBe(url);
    for (const name of [metricsAdapter.name, 'canary', 'grafana']) {
      expect(at(find(manifests, 'NetworkPolicy', name), 'spec.egress')).toContainEqual({
        to: [theirs],
        ports: [{ port: 9090, protocol: 'TCP' }],
      });
    }
  });

  test('lets it in at every service, by network and by identity', () => {
    for (const { name, port } of Object.values(services)) {
      expect(at(find(manifests, 'NetworkPolicy', name), 'spec.ingress')).toContainEqual({
        from: [theirs],
        ports: [{ port, protocol: 'TCP' }],
      });
      expect(at(find(manifests, 'AuthorizationPolicy', name), 'spec.rules.0.from.0.source.principals')).toContain(
        'cluster.local/ns/observers/sa/prometheus',
      );
    }
  });

  test('has KEDA ask it too', () => {
    const { node } = new PlatformStack(new App({ outdir: '.' }), { ...config, metricsBackend: MetricsBackend.keda() });
    const objects = node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
    expect(at(find(objects, 'ScaledObject', 'worker'), 'spec.triggers.2.metadata.serverAddress')).toBe(url);
  });

  test('is found right by every rule', () => {
    expect(checkManifests(manifests.map((value) => ({ value })))).toEqual([]);
  });

  test('without a mesh reads pods alone, and needs no certificate', () => {
    const { meshCertificates, ...plain } = monitoring;
    const stack = new PlatformStack(new App({ outdir: '.' }), {
      ...config,
      monitoring: plain,
      mesh: Mesh.none('a test'),
      canary: undefined,
      dashboards: Dashboards.none('a test'),
    });
    expect(stack.monitoring).toBeInstanceOf(OperatorMonitoring);
    expect(objectsOf(stack).some(({ kind }) => kind === 'ServiceMonitor')).toBe(false);
  });

  test('is refused with an Alertmanager of its own, and in a mesh of sidecars without a certificate', () => {
    const { meshCertificates, ...plain } = monitoring;
    const build = () => new PlatformStack(new App({ outdir: '.' }), { ...production, monitoring: plain });
    expect(build).toThrow(/monitoring: .* tells an Alertmanager of its own: use Alertmanager.none\(why\)/);
    expect(build).toThrow(/the mesh is "sidecar": set meshCertificates/);
  });
});
