import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { letters, mailbox, translationP90, translator } from '../../test/support/own-contract.js';
import { Mesh } from '../mesh/mesh.js';
import { targetDown } from './alert.js';
import { Monitoring, monitoringChoice } from './monitoring-choice.js';
import { OperatorMonitoring, type OperatorMonitoringProps } from './operator-monitoring.js';
import { ruleGroups } from './rule-groups.js';
import { type ScrapeTarget, serviceTarget, storeTarget } from './scrape-target.js';

const choice = Monitoring.operator({
  labels: { release: 'observers' },
  url: 'http://observer.monitoring.svc:9090',
  namespace: 'monitoring',
  serviceAccount: 'observer',
  meshCertificates: '/etc/prom-certs',
});
const mailboxTarget = storeTarget(mailbox, { secret: 'mailbox', key: 'reader' }) as ScrapeTarget;
const rules = {
  platform: testPlatform(),
  recorded: [
    { metric: translationP90, job: 'translator' },
    { metric: letters, job: 'mailbox' },
  ],
  alerts: [targetDown({ namespace: 'team' })],
  runbooks: 'https://wiki.test/runbooks',
};

function build(own: Partial<OperatorMonitoringProps> = {}) {
  const chart = emptyChart();
  const monitoring = new OperatorMonitoring(chart, 'monitoring', {
    ...rules,
    choice,
    targets: [serviceTarget(translator), mailboxTarget],
    withService: [],
    intervalSeconds: 15,
    ...own,
  });
  return { monitoring, manifests: manifestsIn(chart) };
}

describe('monitoring by the Prometheus operator', () => {
  const { monitoring, manifests } = build();

  test('has a monitor for each endpoint, and one object of rules, all labelled as its Prometheus selects them', () => {
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'PodMonitor/translator',
      'PodMonitor/mailbox',
      'PrometheusRule/platform',
    ]);
    for (const { metadata } of manifests) expect(metadata.labels).toMatchObject({ release: 'observers' });
  });

  test('finds each endpoint’s pods, and reads the port and path of its contract', () => {
    expect(at(find(manifests, 'PodMonitor', 'translator'), 'spec')).toMatchObject({
      namespaceSelector: { matchNames: ['team'] },
      selector: { matchLabels: { 'app.kubernetes.io/name': 'translator', 'app.kubernetes.io/instance': 'team' } },
      podMetricsEndpoints: [{ portNumber: 7000, path: '/stats', interval: '15s' }],
    });
  });

  test('puts on every series the labels that rules and dashboards read, and no other', () => {
    const spec = at(find(manifests, 'PodMonitor', 'translator'), 'spec');
    expect(at(spec, 'jobLabel')).toBe('app.kubernetes.io/name');
    expect(at(spec, 'podMetricsEndpoints.0.relabelings')).toEqual([
      { action: 'drop', sourceLabels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed' },
      { sourceLabels: ['__meta_kubernetes_pod_label_version'], targetLabel: 'version' },
      { action: 'labeldrop', regex: 'container|endpoint|service' },
    ]);
  });

  test('shows an exporter the token that it asks for, from its Secret', () => {
    expect(at(find(manifests, 'PodMonitor', 'mailbox'), 'spec.podMetricsEndpoints.0.authorization')).toEqual({
      type: 'Bearer',
      credentials: { name: 'mailbox', key: 'reader' },
    });
  });

  test('has the very rules of the platform’s own Prometheus, evaluated as often as it scrapes', () => {
    expect(at(find(manifests, 'PrometheusRule'), 'spec.groups')).toEqual(
      ruleGroups(rules).map((group) => ({ ...group, interval: '15s' })),
    );
    expect(monitoring.url).toBe('http://observer.monitoring.svc:9090');
  });

  test('shows members of a mesh of sidecars its certificate, through a Service where they have none', () => {
    const platform = testPlatform({ mesh: Mesh.sidecar({ cni: true }) });
    const { manifests } = build({ platform });
    expect(at(find(manifests, 'ServiceMonitor', 'translator'), 'spec.endpoints.0')).toMatchObject({
      targetPort: 7000,
      scheme: 'https',
      tlsConfig: { caFile: '/etc/prom-certs/root-cert.pem', certFile: '/etc/prom-certs/cert-chain.pem' },
    });
    const service = find(manifests, 'Service', 'translator-metrics');
    expect(service).toMatchObject({ spec: { clusterIP: 'None', ports: [{ port: 7000 }] } });
    expect(service.metadata.labels).toMatchObject(
      at(find(manifests, 'ServiceMonitor'), 'spec.selector.matchLabels') as object,
    );
    expect(find(manifests, 'PodMonitor')).toMatchObject({ metadata: { name: 'mailbox' } });
    const served = build({ platform, withService: [translator] }).manifests;
    expect(served.some(({ kind }) => kind === 'Service')).toBe(false);
  });

  test('reads one that vouches for itself over TLS, and one of another namespace by its label', () => {
    const targets = [
      { ...serviceTarget(translator), selfSigned: true },
      mailboxTarget,
      { ...mailboxTarget, name: 'scaler', elsewhere: 'scalers' },
    ];
    const { manifests } = build({ targets });
    expect(at(find(manifests, 'PodMonitor', 'translator'), 'spec.podMetricsEndpoints.0')).toMatchObject({
      scheme: 'https',
      tlsConfig: { insecureSkipVerify: true },
    });
    expect(at(find(manifests, 'PodMonitor', 'scaler'), 'spec')).toMatchObject({
      jobLabel: 'app',
      namespaceSelector: { matchNames: ['scalers'] },
      selector: { matchLabels: { app: 'scaler' } },
    });
  });

  test('refuses a scaling metric of somebody who is not scraped', () => {
    expect(() => build({ targets: [serviceTarget(translator)] })).toThrow(
      /"letters_waiting" needs mailbox_letters of mailbox, which no target exposes \(targets: translator\)/,
    );
  });

  test('knows the pods of its Prometheus by the operator’s own label', () => {
    expect(choice.podLabels).toEqual({ 'app.kubernetes.io/name': 'prometheus' });
    expect(monitoringChoice.safeParse({ ...choice, url: 'observer:9090' }).error?.issues[0]?.message).toBe(
      'must be the address of a Prometheus, http:// or https://',
    );
  });
});
